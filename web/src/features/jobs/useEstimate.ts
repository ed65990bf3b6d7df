// What the server expects of a job before it is started, and what it would refuse.
import { useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { graphql } from '../../gql';
import type { CreateJobInput, JobEstimateQuery } from '../../gql/graphql';

const JobEstimate = graphql(`
  query JobEstimate($input: CreateJobInput!) {
    jobEstimate(input: $input) {
      forecast {
        trainingRows
        holdoutRows
        folds
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
      userErrors {
        message
        field
      }
    }
  }
`);

export type Estimate = NonNullable<JobEstimateQuery['jobEstimate']>;

/** Pauses of this length while something is changed ask the server again. */
const PAUSE_MS = 400;

/** Null asks nothing. The last forecast stays while the next is on its way; refusals are those of this input alone. */
export function useEstimate(input: CreateJobInput | null): { forecast: Estimate['forecast']; userErrors: Estimate['userErrors'] } {
  const wanted = input === null ? null : JSON.stringify(input);
  const [asked, setAsked] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  const { data, previousData } = useQuery(JobEstimate, {
    variables: { input: JSON.parse(asked ?? '{}') as CreateJobInput },
    skip: asked === null,
    fetchPolicy: 'no-cache',
  });
  if (wanted === null) return { forecast: null, userErrors: [] };
  const forecast = (data ?? previousData)?.jobEstimate?.forecast ?? null;
  return { forecast, userErrors: asked === wanted ? (data?.jobEstimate?.userErrors ?? []) : [] };
}
