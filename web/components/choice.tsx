interface Props<T extends string> {
  readonly label: string;
  readonly choices: readonly T[];
  readonly chosen: T;
  readonly onChoose: (choice: T) => void;
  readonly text?: (choice: T) => string;
}

/** A few choices of which one holds. */
export function Choice<T extends string>({ label, choices, chosen, onChoose, text = (choice) => choice }: Props<T>) {
  return (
    <div className="choice" role="group" aria-label={label}>
      {choices.map((choice) => (
        <button key={choice} type="button" aria-pressed={choice === chosen} onClick={() => onChoose(choice)}>
          {text(choice)}
        </button>
      ))}
    </div>
  );
}
