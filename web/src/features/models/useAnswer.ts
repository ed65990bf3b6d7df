import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { graphql } from '../../gql';
import type { PredictInput, PredictMutation } from '../../gql/graphql';
import { describeFailure, describeUserErrors } from '../../lib/failure';
import type { Row } from './predictRow';

const Predict = graphql(`
  mutation Predict($input: PredictInput!) {
    predict(input: $input) {
      predictions {
        label
        value
        probability
        probabilities {
          label
          probability
        }
        interval {
          low
          high
        }
        labelSet
        contributions {
          label
          base
          columns {
            column
            value
          }
        }
        warnings {
          kind
          column
          message
        }
      }
      inferenceMicroseconds
      userErrors {
        message
      }
    }
  }
`);

export type Prediction = NonNullable<NonNullable<PredictMutation['predict']>['predictions']>[number];
export type Outcome = { prediction: Prediction | null; microseconds: number | null; failure: string | null };
type Wanted = Pick<PredictInput, 'interval' | 'contributions'>;

const NOTHING: Outcome = { prediction: null, microseconds: null, failure: null };

/** Asks the model whenever the row or what is wanted has stood still for `pause` milliseconds; the last answer stays until the next is there. */
export function useAnswer(modelId: string, row: Row | null, wanted: Wanted, pause: number): { outcome: Outcome; stale: boolean } {
  const client = useApolloClient();
  const question = row === null ? null : JSON.stringify({ modelId, rows: [row], ...wanted } satisfies PredictInput);
  const [answered, setAnswered] = useState<{ question: string | null; outcome: Outcome }>({ question: null, outcome: NOTHING });

  useEffect(() => {
    if (question === null) return;
    let isWanted = true;
    const answer = (outcome: Outcome) => {
      // An answer that was overtaken by a newer question is dropped.
      if (isWanted) setAnswered({ question, outcome });
    };
    const ask = async () => {
      try {
        const { data } = await client.mutate({ mutation: Predict, variables: { input: JSON.parse(question) as PredictInput }, fetchPolicy: 'no-cache' });
        const payload = data?.predict;
        const prediction = payload?.predictions?.[0] ?? null;
        const refused = describeUserErrors(payload?.userErrors);
        answer({ prediction, microseconds: payload?.inferenceMicroseconds ?? null, failure: refused ?? (prediction ? null : 'The model gave no answer.') });
      } catch (error) {
        answer({ ...NOTHING, failure: describeFailure(error) });
      }
    };
    const timer = setTimeout(() => void ask(), pause);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [client, question, pause]);

  return { outcome: answered.outcome, stale: answered.question !== question };
}
