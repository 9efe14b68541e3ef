import { Await } from '../../components/loading.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Parts } from '../../components/parts.tsx';
import { useOverview } from '../../session/overview.ts';
import { FailingWorkflows } from './failing-workflows.tsx';
import { Figures } from './figures.tsx';
import { FirstSteps } from './first-steps.tsx';
import { RecentRuns } from './recent-runs.tsx';
import './overview.css';

export default function OverviewPage() {
  const overview = useOverview();
  return (
    <>
      <PageHead title="Overview">
        <p>What runs, what waits for somebody, and what fails.</p>
      </PageHead>
      <Await of={overview} what="the state of the service">
        {(data) => (
          <div className="stack">
            <FirstSteps />
            <Figures overview={data} />
            <div className="overview-columns">
              <RecentRuns />
              <div className="stack">
                <FailingWorkflows failing={data.failing} />
                <Parts />
              </div>
            </div>
          </div>
        )}
      </Await>
    </>
  );
}
