import { useApolloClient } from '@apollo/client/react';
import { Download as DownloadIcon } from 'lucide-react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { DownloadKind } from '../../gql/graphql';
import { describeFailure } from '../../lib/failure';
import { formatBytes } from '../../lib/format';
import { startDownload } from '../../lib/startDownload';
import { DOWNLOADS, wordsOf } from '../../lib/words';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';
import { Card } from '../../ui/Card';

const DownloadsCardModel = graphql(`
  fragment DownloadsCard_model on Model {
    id
    downloads {
      kind
      fileName
      sizeBytes
    }
  }
`);

// Links are valid for five minutes, so they are asked for at the click and never kept.
const DownloadLinks = graphql(`
  query DownloadLinks($model: ID!) {
    node(id: $model) {
      __typename
      ... on Model {
        id
        downloads {
          kind
          fileName
          url
        }
      }
    }
  }
`);

/** Files to take away. */
export function DownloadsCard({ model: masked }: { model: FragmentType<typeof DownloadsCardModel> }) {
  const model = readFragment(DownloadsCardModel, masked);
  const client = useApolloClient();
  const [busy, setBusy] = useState<DownloadKind | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const take = async (kind: DownloadKind) => {
    setBusy(kind);
    setFailure(null);
    try {
      const { data } = await client.query({ query: DownloadLinks, variables: { model: model.id }, fetchPolicy: 'no-cache' });
      const links = data?.node?.__typename === 'Model' ? data.node.downloads : [];
      const link = links.find((one) => one.kind === kind);
      if (link) startDownload(link.url, link.fileName);
      else setFailure('This file is not there any more.');
    } catch (error) {
      setFailure(describeFailure(error));
    }
    setBusy(null);
  };

  return (
    <Card title="Downloads">
      {failure !== null ? <Callout tone="bad">{failure}</Callout> : null}
      {model.downloads.length === 0 ? <p className="text-muted">No file was written.</p> : null}
      <ul className="divide-y divide-line">
        {model.downloads.map((file) => {
          const words = wordsOf(DOWNLOADS, file.kind);
          return (
            <li key={file.kind} className="flex items-center justify-between gap-4 py-2.5 first:pt-0 last:pb-0">
              <div className="min-w-0">
                <p className="font-medium">{words.name}</p>
                <p className="text-xs break-words text-muted">
                  {words.meaning ? `${words.meaning} ` : ''}
                  <span className="whitespace-nowrap">{formatBytes(file.sizeBytes)}</span>
                </p>
              </div>
              <Button size="small" busy={busy === file.kind} aria-label={`Download ${file.fileName}`} onClick={() => void take(file.kind)}>
                <DownloadIcon aria-hidden className="size-4" />
                Download
              </Button>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
