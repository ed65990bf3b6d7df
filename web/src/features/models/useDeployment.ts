import { useMutation } from '@apollo/client/react';
import { graphql } from '../../gql';
import { refusalOf } from '../../lib/failure';

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

/** Switches the answering of models on and off; both tell what speaks against it, or null when it is done. */
export function useDeployment() {
  const [deploy, deploying] = useMutation(DeployModel);
  const [undeploy, undeploying] = useMutation(UndeployModel);
  return {
    busy: deploying.loading || undeploying.loading,
    deploy: (id: string) => refusalOf(async () => (await deploy({ variables: { input: { id } } })).data?.deployModel?.userErrors),
    undeploy: (id: string) => refusalOf(async () => (await undeploy({ variables: { input: { id } } })).data?.undeployModel?.userErrors),
  };
}
