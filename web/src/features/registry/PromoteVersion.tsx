import { useMutation } from '@apollo/client/react';
import { useId, useState } from 'react';
import { graphql } from '../../gql';
import { refusalAt } from '../../lib/failure';
import { TextInput } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { useDeployment } from '../models/useDeployment';
import { LONGEST_ALIAS, promoteWords, refuseAlias, type Alias } from './names';

const PromoteModel = graphql(`
  mutation PromoteModel($input: PromoteModelInput!) {
    promoteModel(input: $input) {
      registeredModel {
        id
        ...AliasList_registered
      }
      userErrors {
        message
        field
      }
    }
  }
`);

const USUAL = 'production';

type PromoteVersionProps = {
  name: string;
  version: number;
  model: { id: string; deployed: boolean; deployable: boolean } | null;
  aliases: readonly Alias[];
};

/** Lets an alias point to a version; one that does not answer yet is deployed first, so that nobody asks in vain. */
export function PromoteVersion({ name, version, model, aliases }: PromoteVersionProps) {
  const [promote] = useMutation(PromoteModel);
  const { deploy } = useDeployment();
  const [alias, setAlias] = useState(USUAL);
  const [withDeploy, setWithDeploy] = useState(true);
  const [refused, setRefused] = useState<string | null>(null);
  const list = useId();
  const wrong = refused ?? refuseAlias(alias);
  const silent = model !== null && !model.deployed;

  const submit = async () => {
    if (silent && model.deployable && withDeploy) {
      const failed = await deploy(model.id);
      if (failed !== null) return failed;
    }
    const { here, elsewhere } = await refusalAt('alias', async () => (await promote({ variables: { input: { name, version, alias } } })).data?.promoteModel?.userErrors);
    setRefused(here);
    return elsewhere ?? (here === null ? null : false);
  };

  return (
    <FormDialog
      button="Promote…"
      ariaLabel={`Promote version ${version}`}
      size="small"
      title={`Promote version ${version}`}
      verb="Promote"
      ready={alias !== '' && wrong === null && !aliases.some((one) => one.alias === alias && one.version === version)}
      onOpen={() => setRefused(null)}
      onSubmit={submit}
    >
      <TextInput
        label="Alias"
        hint={alias === '' || wrong !== null ? 'The word that programs ask by.' : promoteWords(aliases, alias, version)}
        error={wrong}
        required
        maxLength={LONGEST_ALIAS * 2}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        list={list}
        value={alias}
        onChange={(event) => {
          setAlias(event.target.value);
          setRefused(null);
        }}
      />
      <datalist id={list}>
        {[...new Set([...aliases.map((one) => one.alias), USUAL, 'staging'])].map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      {silent && model.deployable ? (
        <label className="flex items-start gap-3">
          <input type="checkbox" className="mt-0.5 size-4 shrink-0 accent-accent" checked={withDeploy} onChange={(event) => setWithDeploy(event.target.checked)} />
          <span>
            Deploy it first
            <span className="block text-xs text-muted">The version is not deployed. Until it is, whoever asks the alias gets no answer.</span>
          </span>
        </label>
      ) : null}
    </FormDialog>
  );
}
