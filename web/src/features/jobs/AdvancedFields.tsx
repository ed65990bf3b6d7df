import type { GpuChoice, ProblemType } from '../../gql/graphql';
import { formatCount } from '../../lib/format';
import { GPU_CHOICES } from '../../lib/words';
import { SelectInput, TextInput } from '../../ui/Field';
import { Fold } from '../../ui/Fold';
import { ColumnChoices } from './ColumnChoices';
import { isFeature, type FieldName, type FormColumn, type Refusals } from './jobChecks';
import { toInput, type JobDraft } from './jobDraft';
import { MonotoneFields } from './MonotoneFields';
import { latencyWords, monotoneWords, thresholdWords, validationWords } from './settingsWords';
import { ThresholdFields } from './ThresholdFields';
import { ValidationFields } from './ValidationFields';

type AdvancedFieldsProps = {
  datasetId: string;
  columns: readonly FormColumn[];
  draft: JobDraft;
  problem: ProblemType;
  refusals: Refusals;
  onChange: (part: Partial<JobDraft>) => void;
};

/** What most people leave as it is, folded under headings that say what is set inside. */
export function AdvancedFields({ datasetId, columns, draft, problem, refusals, onChange }: AdvancedFieldsProps) {
  const asked = toInput(draft, datasetId, '');
  const isWrong = (...fields: FieldName[]) => fields.some((field) => refusals[field] !== undefined);
  const judged = [asked.validation ? validationWords(asked.validation) : '', asked.weightColumn ? `weighed by ${asked.weightColumn}` : ''].filter(Boolean).join('; ');
  const rules = [monotoneWords(asked.monotone ?? []), asked.maxLatencyMilliseconds ? `at most ${latencyWords(asked.maxLatencyMilliseconds)} a row` : ''].filter(Boolean).join('; ');
  const others = [draft.name.trim(), draft.seed.trim() === '' ? '' : `seed ${draft.seed.trim()}`, draft.gpu === 'ALLOWED' ? '' : `graphics card: ${GPU_CHOICES[draft.gpu].name.toLowerCase()}`];
  const othersSet = others.filter(Boolean).join('; ');
  const used = columns.filter((column) => isFeature(draft, column)).length;
  return (
    <div className="space-y-3">
      <Fold
        title="Columns to learn from"
        state={`${formatCount(used)} of ${formatCount(columns.length)} are used`}
        isChanged={draft.exclude.length + Object.keys(draft.roles).length > 0}
        isWrong={isWrong('exclude', 'roles')}
      >
        <ColumnChoices datasetId={datasetId} columns={columns} draft={draft} refusals={refusals} onChange={onChange} />
      </Fold>
      <Fold title="How models are judged" state={judged || 'automatic'} isChanged={judged !== ''} isWrong={isWrong('validation', 'weightColumn')}>
        <ValidationFields draft={draft} columns={columns} refusals={refusals} onChange={onChange} />
      </Fold>
      <Fold
        title="Deciding between two classes"
        state={asked.threshold ? thresholdWords(asked.threshold) : problem === 'BINARY' ? 'the likelier one' : 'not for this kind of problem'}
        isChanged={Boolean(asked.threshold)}
        isWrong={isWrong('threshold')}
      >
        <ThresholdFields draft={draft} problem={problem} refusals={refusals} onChange={onChange} />
      </Fold>
      <Fold title="Rules for the model" state={rules || 'none'} isChanged={rules !== ''} isWrong={isWrong('monotone', 'maxLatencyMilliseconds')}>
        <MonotoneFields draft={draft} columns={columns} problem={problem} refusals={refusals} onChange={onChange} />
        <div className="grid gap-5 sm:grid-cols-2">
          <TextInput
            label="Time for an answer, in milliseconds"
            inputMode="decimal"
            placeholder="As long as it takes"
            hint="What the finished model may take to answer one row, alone. Slower models are left out, even when they are better."
            error={refusals.maxLatencyMilliseconds}
            value={draft.maxLatency}
            onChange={(event) => onChange({ maxLatency: event.target.value })}
          />
        </div>
      </Fold>
      <Fold title="Name, seed, graphics card" state={othersSet || 'automatic'} isChanged={othersSet !== ''} isWrong={isWrong('name', 'seed')}>
        <div className="grid gap-5 sm:grid-cols-2">
          <TextInput label="Name of the job" placeholder="Given by the server" error={refusals.name} value={draft.name} maxLength={200} onChange={(event) => onChange({ name: event.target.value })} />
          <TextInput
            label="Seed"
            hint="Where chance decides, this number does: the same seed and the same data give the same decisions."
            inputMode="numeric"
            placeholder="Given by the server"
            error={refusals.seed}
            value={draft.seed}
            onChange={(event) => onChange({ seed: event.target.value })}
          />
          <SelectInput label="Graphics card" hint={GPU_CHOICES[draft.gpu].meaning} value={draft.gpu} onChange={(event) => onChange({ gpu: event.target.value as GpuChoice })}>
            {(Object.keys(GPU_CHOICES) as GpuChoice[]).map((one) => (
              <option key={one} value={one}>
                {GPU_CHOICES[one].name}
              </option>
            ))}
          </SelectInput>
        </div>
      </Fold>
    </div>
  );
}
