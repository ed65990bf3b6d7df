import { useApolloClient } from '@apollo/client/react';
import { FileDown } from 'lucide-react';
import { useState } from 'react';
import { graphql } from '../../gql';
import { describeFailure } from '../../lib/failure';
import { startDownload } from '../../lib/startDownload';
import { Button } from '../../ui/Button';

// The link is valid for five minutes, so it is asked for at the click and never kept.
const DatasetReport = graphql(`
  query DatasetReport($id: ID!) {
    node(id: $id) {
      __typename
      ... on Dataset {
        id
        report {
          fileName
          url
        }
      }
    }
  }
`);

/** The profile as a page to keep or to pass on. */
export function ReportButton({ datasetId, onFailure }: { datasetId: string; onFailure: (words: string | null) => void }) {
  const client = useApolloClient();
  const [busy, setBusy] = useState(false);

  const take = async () => {
    setBusy(true);
    onFailure(null);
    try {
      const { data } = await client.query({ query: DatasetReport, variables: { id: datasetId }, fetchPolicy: 'no-cache' });
      const report = data?.node?.__typename === 'Dataset' ? data.node.report : null;
      if (report) startDownload(report.url, report.fileName);
      else onFailure('This dataset was read by an older version, which wrote no report. Upload the file again to have one.');
    } catch (error) {
      onFailure(describeFailure(error));
    }
    setBusy(false);
  };

  return (
    <Button busy={busy} onClick={() => void take()}>
      <FileDown aria-hidden className="size-4" />
      Report
    </Button>
  );
}
