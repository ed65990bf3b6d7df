import { useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { graphql } from '../../gql';
import type { CreateJobInput } from '../../gql/graphql';
import { describeForecast } from './forecast';

const ForecastLineJob = graphql(`
  query ForecastLine($input: CreateJobInput!) {
    jobEstimate(input: $input) {
      forecast {
        trials {
          low
          high
        }
        seconds {
          low
          high
        }
        memoryBytes {
          low
          high
        }
        measured
        learners {
          title
        }
        notes
      }
    }
  }
`);

/** Pauses of this length while something is changed ask the server again. */
const PAUSE_MS = 400;

/** What the server expects of a job before it is started. Nothing where it cannot say: starting the job tells what is wrong. */
export function ForecastLine({ input }: { input: CreateJobInput }) {
  const wanted = JSON.stringify(input);
  const [asked, setAsked] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  const { data, previousData } = useQuery(ForecastLineJob, {
    variables: { input: JSON.parse(asked) as CreateJobInput },
    fetchPolicy: 'no-cache',
  });
  const forecast = (data ?? previousData)?.jobEstimate?.forecast;
  if (!forecast) return null;
  return (
    <div className="mt-3 max-w-prose text-muted" data-testid="forecast" aria-live="polite">
      <p>
        {describeForecast(forecast)} {forecast.measured ? 'Measured by your last job on this table.' : 'An estimate: nothing was computed for it.'}
      </p>
      {forecast.notes.map((note) => (
        <p key={note} className="mt-1 text-warn">
          {note}
        </p>
      ))}
    </div>
  );
}
