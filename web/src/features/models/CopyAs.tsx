import { Card } from '../../ui/Card';
import { CopyButton } from '../../ui/CopyButton';
import type { Row } from './predictRow';
import { curlSnippet, graphqlSnippet, pythonSnippet, type Asked } from './snippets';

/** The same question as text for other programs. The token is never in it: it is read from AUTOML_TOKEN. */
export function CopyAs({ modelId, row }: { modelId: string; row: Row }) {
  return (
    <Card title="Ask from elsewhere" note="The same question as a command or a program. Put your token into AUTOML_TOKEN first.">
      <CopyQuestion asked={{ modelId }} row={row} />
    </Card>
  );
}

/** A question in each of the languages, to copy. */
export function CopyQuestion({ asked, row }: { asked: Asked; row: Row }) {
  return (
    <div className="flex flex-wrap gap-2">
      <CopyButton text={curlSnippet(location.origin, asked, row)}>Copy as curl</CopyButton>
      <CopyButton text={graphqlSnippet(asked, row)}>Copy as GraphQL</CopyButton>
      <CopyButton text={pythonSnippet(location.origin, asked, row)}>Copy as Python</CopyButton>
    </div>
  );
}
