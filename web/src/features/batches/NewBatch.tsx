import type { ApolloClient } from '@apollo/client';
import { useState } from 'react';
import { graphql } from '../../gql';
import { describeUserErrors } from '../../lib/failure';
import { newRequestKey } from '../../lib/requestKey';
import { Card } from '../../ui/Card';
import { TextInput } from '../../ui/Field';
import { UploadCard } from '../uploads/UploadCard';

const CreateBatchPrediction = graphql(`
  mutation CreateBatchPrediction($input: CreateBatchPredictionInput!) {
    createBatchPrediction(input: $input) {
      batchPrediction {
        id
      }
      userErrors {
        message
      }
    }
  }
`);

type NewBatchProps = { modelId: string; target: string; limitBytes: number | null; onCreated: () => void };

/** From a file of rows to a batch prediction. */
export function NewBatch({ modelId, target, limitBytes, onCreated }: NewBatchProps) {
  const [idColumn, setIdColumn] = useState('');
  const [parquet, setParquet] = useState(false);
  const create = async (client: ApolloClient, uploadId: string) => {
    const input = { modelId, source: { uploadId }, idColumn: idColumn.trim() || null, parquet, idempotencyKey: newRequestKey() };
    const { data } = await client.mutate({ mutation: CreateBatchPrediction, variables: { input } });
    const made = data?.createBatchPrediction?.batchPrediction;
    if (!made) throw new Error(describeUserErrors(data?.createBatchPrediction?.userErrors) ?? 'The server refused the file.');
    return made.id;
  };
  return (
    <div className="grid items-stretch gap-6 grid-cols-1 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <UploadCard
        label="Rows to predict"
        title={`Drop rows without ${target} here`}
        note="A table with the columns that the model was trained on, in any order. Where the target is in it too, the answers are compared with it."
        limitBytes={limitBytes}
        finish={create}
        onDone={onCreated}
      />
      <Card title="What the answer holds" note="Set it before you choose the file.">
        <div className="space-y-4">
          <TextInput
            label="Column that names the rows"
            hint="The answer then repeats this column alone; blank: all columns."
            value={idColumn}
            onChange={(event) => setIdColumn(event.target.value)}
          />
          <label className="flex items-center gap-3">
            <input type="checkbox" className="size-4 accent-accent" checked={parquet} onChange={(event) => setParquet(event.target.checked)} />
            Parquet beside the CSV file
          </label>
        </div>
      </Card>
    </div>
  );
}
