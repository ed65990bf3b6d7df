import { Link } from '@tanstack/react-router';
import { FileSpreadsheet, MessageSquareText, Rocket } from 'lucide-react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { buttonClass } from '../../ui/buttonStyle';
import { Callout } from '../../ui/Callout';
import { Card } from '../../ui/Card';
import { RegisterModel } from '../registry/RegisterModel';
import { Certificate } from './Certificate';
import { useDeployment } from './useDeployment';

const DeployCardModel = graphql(`
  fragment DeployCard_model on Model {
    id
    name
    deployed
    deployable
    ...Certificate_model
  }
`);

/** Switches answering on and off, leads to the questions, and shows what the ONNX file was checked for. */
export function DeployCard({ model: masked }: { model: FragmentType<typeof DeployCardModel> }) {
  const model = readFragment(DeployCardModel, masked);
  const { busy, deploy, undeploy } = useDeployment();
  const [failure, setFailure] = useState<string | null>(null);

  const change = async () => {
    setFailure(null);
    setFailure(await (model.deployed ? undeploy(model.id) : deploy(model.id)));
  };

  return (
    <Card title="Use it" actions={<Badge tone={model.deployed ? 'good' : 'neutral'}>{model.deployed ? 'Answering' : 'Not deployed'}</Badge>}>
      <div className="space-y-4">
        <div className="flex flex-wrap gap-2">
          {model.deployed ? (
            <Link to="/models/$modelId/predict" params={{ modelId: model.id }} className={buttonClass('primary')}>
              <MessageSquareText aria-hidden className="size-4" />
              Ask the model
            </Link>
          ) : null}
          <Link to="/models/$modelId/batch" params={{ modelId: model.id }} className={buttonClass()}>
            <FileSpreadsheet aria-hidden className="size-4" />
            Predict a file
          </Link>
          <Button
            look={model.deployed ? 'plain' : 'primary'}
            busy={busy}
            disabled={!model.deployed && !model.deployable}
            onClick={() => void change()}
          >
            {model.deployed ? null : <Rocket aria-hidden className="size-4" />}
            {model.deployed ? 'Stop answering' : 'Deploy'}
          </Button>
          <RegisterModel modelId={model.id} name={model.name} />
        </div>
        {!model.deployed && model.deployable ? <p className="text-muted">Deployed, the model answers questions here and through the API at once.</p> : null}
        {!model.deployable && !model.deployed ? <Callout tone="warn">This model cannot be deployed.</Callout> : null}
        {failure !== null ? <Callout tone="bad">{failure}</Callout> : null}
        <Certificate model={model} />
      </div>
    </Card>
  );
}
