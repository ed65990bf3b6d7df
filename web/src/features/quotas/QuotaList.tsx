import { graphql, readFragment, type FragmentType } from '../../gql';
import { useNow } from '../../lib/useNow';
import { ProgressBar } from '../../ui/ProgressBar';
import { QUOTAS, resetWords, shareOf, toneOf, usedWords, type QuotaName } from './words';

const QuotaListQuotas = graphql(`
  fragment QuotaList_quotas on Quotas {
    unfinishedJobs {
      limit
      used
      resetsAt
    }
    jobsPerDay {
      limit
      used
      resetsAt
    }
    computeSecondsPerDay {
      limit
      used
      resetsAt
    }
    storedBytes {
      limit
      used
      resetsAt
    }
    jobBudgetSeconds {
      limit
      used
      resetsAt
    }
  }
`);

const TONES = { plain: '', scarce: 'text-warn', full: 'text-bad' };

/** Each limit with how much of it is used, and when there is room again. */
export function QuotaList({ quotas: masked }: { quotas: FragmentType<typeof QuotaListQuotas> }) {
  const quotas = readFragment(QuotaListQuotas, masked);
  const now = useNow(60_000);
  return (
    <ul className="space-y-4">
      {(Object.keys(QUOTAS) as QuotaName[]).map((name) => {
        const quota = quotas[name];
        const { name: title, meaning } = QUOTAS[name];
        const share = shareOf(quota);
        const words = usedWords(name, quota);
        const anew = resetWords(quota.resetsAt, now);
        return (
          <li key={name}>
            <div className="flex flex-wrap items-baseline justify-between gap-x-4">
              <p className="font-medium">{title}</p>
              <p className={`tabular ${TONES[toneOf(quota)]}`}>
                {words}
                {toneOf(quota) === 'full' ? ': used up' : ''}
              </p>
            </div>
            {share === null ? null : (
              <div className="my-1.5">
                <ProgressBar label={title} share={share} valueText={words} />
              </div>
            )}
            <p className="text-xs text-muted">
              {meaning}
              {anew === null ? '' : ` The count ${anew}.`}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
