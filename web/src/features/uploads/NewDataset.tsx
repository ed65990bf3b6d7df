import { useNavigate } from '@tanstack/react-router';
import { makeDataset } from './transfer';
import { UploadCard } from './UploadCard';

/** From a file to its dataset's page. */
export function NewDataset({ limitBytes }: { limitBytes: number | null }) {
  const navigate = useNavigate();
  return (
    <UploadCard
      label="Add a table"
      title="Drop a table here"
      note="CSV, TSV, Parquet or JSON lines; .gz and .zst are fine. The first row of a text file holds the column names."
      limitBytes={limitBytes}
      finish={makeDataset}
      onDone={(datasetId) => void navigate({ to: '/datasets/$datasetId', params: { datasetId }, search: {} })}
    />
  );
}
