import { useMutation } from '@apollo/client/react';
import { Link } from '@tanstack/react-router';
import { FileSpreadsheet, MessageSquareText, Rocket } from 'lucide-react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { refusalOf } from '../../lib/failure';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { buttonClass } from '../../ui/buttonStyle';
import { Callout } from '../../ui/Callout';
import { Card } from '../../ui/Card';
import { Certificate } from './Certificate';

const DeployCardModel = graphql(`
  fragment DeployCard_model on Model {
    id
    deployed
    deployable
    ...Certificate_model
  }
`);

const DeployModel = graphql(`
  mutation DeployModel($input: DeployModelInput!) {
    deployModel(input: $input) {
      model {
        id
        deployed
        deployable
      }
      userErrors {
        message
      }
    }
  }
`);

const UndeployModel = graphql(`
  mutation UndeployModel($input: UndeployModelInput!) {
    undeployModel(input: $input) {
      model {
        id
        deployed
        deployable
      }
      userErrors {
        message
      }
    }
  }
`);

/** Switches answering on and off, leads to the questions, and shows what the ONNX file was checked for. */
export function DeployCard({ model: masked }: { model: FragmentType<typeof DeployCardModel> }) {
  const model = readFragment(DeployCardModel, masked);
  const [deploy, deploying] = useMutation(DeployModel);
  const [undeploy, undeploying] = useMutation(UndeployModel);
  const [failure, setFailure] = useState<string | null>(null);
  const input = { input: { id: model.id } };

  const change = async () => {
    setFailure(null);
    setFailure(
      await refusalOf(async () =>
        model.deployed ? (await undeploy({ variables: input })).data?.undeployModel?.userErrors : (await deploy({ variables: input })).data?.deployModel?.userErrors,
      ),
    );
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
            busy={deploying.loading || undeploying.loading}
            disabled={!model.deployed && !model.deployable}
            onClick={() => void change()}
          >
            {model.deployed ? null : <Rocket aria-hidden className="size-4" />}
            {model.deployed ? 'Stop answering' : 'Deploy'}
          </Button>
        </div>
        {!model.deployed && model.deployable ? <p className="text-muted">Deployed, the model answers questions here and through the API at once.</p> : null}
        {!model.deployable && !model.deployed ? <Callout tone="warn">This model cannot be deployed.</Callout> : null}
        {failure !== null ? <Callout tone="bad">{failure}</Callout> : null}
        <Certificate model={model} />
      </div>
    </Card>
  );
}
