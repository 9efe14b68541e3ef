import type { ReactNode } from 'react';
import type { NodeStatus } from '../../contracts/statuses.ts';

type Decision = 'APPROVED' | 'REJECTED' | 'EXPIRED';
export type AnyStatus = NodeStatus | Decision;

export const STATUS_LABELS: Readonly<Record<AnyStatus, string>> = {
  PENDING: 'Pending',
  RUNNING: 'Running',
  WAITING_APPROVAL: 'Waiting for approval',
  PAUSED: 'Paused',
  SUCCESS: 'Success',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
  SKIPPED: 'Skipped',
  APPROVED: 'Approved',
  REJECTED: 'Rejected',
  EXPIRED: 'Expired',
};

const TICK = <path d="m5 8.2 2.1 2.1L11.2 6" />;
const CROSS = <path d="m5.7 5.7 4.6 4.6m0-4.6-4.6 4.6" />;
const RING = <circle cx="8" cy="8" r="6.2" />;

/** Each status has a shape of its own, so that nobody needs the colour. */
const SHAPES: Readonly<Record<AnyStatus, ReactNode>> = {
  PENDING: <circle cx="8" cy="8" r="6.2" strokeDasharray="2.6 2.3" />,
  RUNNING: <path d="M8 1.8A6.2 6.2 0 1 1 1.8 8" />,
  WAITING_APPROVAL: (
    <>
      <circle cx="8" cy="5.2" r="2.7" />
      <path d="M2.8 14c.4-3 2.4-4.4 5.2-4.4s4.8 1.4 5.2 4.4" />
    </>
  ),
  PAUSED: (
    <>
      {RING}
      <path d="M6.4 5.8v4.4m3.2-4.4v4.4" />
    </>
  ),
  SUCCESS: (
    <>
      {RING}
      {TICK}
    </>
  ),
  FAILED: (
    <>
      <path d="M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4z" />
      {CROSS}
    </>
  ),
  CANCELLED: (
    <>
      {RING}
      <path d="m3.8 3.8 8.4 8.4" />
    </>
  ),
  SKIPPED: <path d="M2 11.5c.5-4 3-6 6-6h5m-2.8-3L13 5.5l-2.8 3" />,
  APPROVED: (
    <>
      {RING}
      {TICK}
    </>
  ),
  REJECTED: (
    <>
      {RING}
      {CROSS}
    </>
  ),
  EXPIRED: (
    <>
      {RING}
      <path d="M8 4.5V8l2.5 1.6" />
    </>
  ),
};

export function StatusIcon({ status }: { readonly status: AnyStatus }) {
  return (
    <svg
      className={status === 'RUNNING' ? 'status-icon turning' : 'status-icon'}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {SHAPES[status]}
    </svg>
  );
}

export function StatusBadge({ status }: { readonly status: AnyStatus }) {
  return (
    <span className="status" data-status={status}>
      <StatusIcon status={status} />
      {STATUS_LABELS[status]}
    </span>
  );
}
