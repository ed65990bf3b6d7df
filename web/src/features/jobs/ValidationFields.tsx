import type { ValidationKind } from '../../gql/graphql';
import { ChoiceCards } from '../../ui/ChoiceCards';
import { TextInput } from '../../ui/Field';
import { ColumnPicker } from './ColumnPicker';
import { mayBeGroups, mayBeNumbers, mayBeTime, type FormColumn, type Refusals } from './jobChecks';
import type { JobDraft } from './jobDraft';
import { VALIDATIONS } from './settingsWords';

type ValidationFieldsProps = { draft: JobDraft; columns: readonly FormColumn[]; refusals: Refusals; onChange: (part: Partial<JobDraft>) => void };

/** How models are compared, and how much each row counts. */
export function ValidationFields({ draft, columns, refusals, onChange }: ValidationFieldsProps) {
  const { validation: kind } = draft;
  return (
    <>
      <p className="max-w-prose text-muted">
        A model is judged on rows that it did not learn from, or it would be praised for its memory. Which rows those are should be like in use: later ones where you predict what comes, other
        customers where you predict for new ones.
      </p>
      <ChoiceCards
        label="Which rows judge"
        value={kind}
        // A column that orders rows is mostly none that groups them.
        onChange={(validation) => onChange({ validation, validationColumn: null })}
        choices={(Object.keys(VALIDATIONS) as ValidationKind[]).map((value) => ({ value, name: VALIDATIONS[value].name, note: VALIDATIONS[value].meaning, mark: value === 'AUTO' ? 'usual' : undefined }))}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        {kind === 'FOLDS' ? (
          <TextInput
            label="Number of folds"
            inputMode="numeric"
            hint="2 to 20. More are more exact and take longer; 5 are usual."
            error={refusals.validation}
            value={draft.folds}
            onChange={(event) => onChange({ folds: event.target.value })}
          />
        ) : null}
        {kind === 'TIME' ? (
          <ColumnPicker
            label="Ordered by"
            hint="A column of dates or numbers that says when a row happened. Rows without it are left out."
            error={refusals.validation}
            columns={columns.filter(mayBeTime)}
            value={draft.validationColumn}
            onChoose={(validationColumn) => onChange({ validationColumn })}
          />
        ) : null}
        {kind === 'GROUP' ? (
          <ColumnPicker
            label="Grouped by"
            hint="A column such as the customer, the patient or the device. It is then no feature, unless you give it a role among the columns: a new row is mostly of a group that was not seen."
            error={refusals.validation}
            columns={columns.filter(mayBeGroups)}
            value={draft.validationColumn}
            onChoose={(validationColumn) => onChange({ validationColumn })}
          />
        ) : null}
        {(kind === 'AUTO' || kind === 'HOLDOUT') && refusals.validation ? <p className="text-xs text-bad sm:col-span-2">{refusals.validation}</p> : null}
        <ColumnPicker
          label="Weight of rows"
          hint="A column of numbers that says how much a row counts, in learning and in scores; 0 leaves a row out. It is no feature. Empty: all rows count alike."
          error={refusals.weightColumn}
          columns={columns.filter(mayBeNumbers)}
          value={draft.weightColumn}
          onChoose={(weightColumn) => onChange({ weightColumn })}
        />
      </div>
    </>
  );
}
