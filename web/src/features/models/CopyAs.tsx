import { Card } from '../../ui/Card';
import { CopyButton } from '../../ui/CopyButton';
import type { Row } from './predictRow';
import { curlSnippet, graphqlSnippet, pythonSnippet } from './snippets';

/** The same question as text for other programs. The token is never in it: it is read from AUTOML_TOKEN. */
export function CopyAs({ modelId, row }: { modelId: string; row: Row }) {
  return (
    <Card title="Ask from elsewhere" note="The same question as a command or a program. Put your token into AUTOML_TOKEN first.">
      <div className="flex flex-wrap gap-2">
        <CopyButton text={curlSnippet(location.origin, modelId, row)}>Copy as curl</CopyButton>
        <CopyButton text={graphqlSnippet(modelId, row)}>Copy as GraphQL</CopyButton>
        <CopyButton text={pythonSnippet(location.origin, modelId, row)}>Copy as Python</CopyButton>
      </div>
    </Card>
  );
}
