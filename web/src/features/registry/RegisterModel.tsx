import { useLazyQuery, useMutation } from '@apollo/client/react';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { graphql } from '../../gql';
import { refusalAt } from '../../lib/failure';
import { Callout } from '../../ui/Callout';
import { TextInput } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { LONGEST_NAME, refuseName } from './names';

const RegisteredNames = graphql(`
  query RegisteredNames {
    registeredModels(first: 100) {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`);

const RegisterModelMutation = graphql(`
  mutation RegisterModel($input: RegisterModelInput!) {
    registerModel(input: $input) {
      registeredModel {
        id
        name
        versions {
          number
          model {
            id
          }
        }
      }
      userErrors {
        message
        field
      }
    }
  }
`);

/** Keeps a model as the next version under a name. Names that exist are offered; a new one is made. */
export function RegisterModel({ modelId, name: modelName }: { modelId: string; name: string }) {
  const [register] = useMutation(RegisterModelMutation);
  const [load, names] = useLazyQuery(RegisteredNames, { fetchPolicy: 'network-only' });
  const [name, setName] = useState('');
  const [refused, setRefused] = useState<string | null>(null);
  const [kept, setKept] = useState<{ id: string; name: string; version: number | null } | null>(null);
  const list = useId();
  const known = names.data?.registeredModels?.edges.map((edge) => edge.node.name) ?? [];
  const wrong = refused ?? refuseName(name);

  const submit = async () => {
    const { here, elsewhere } = await refusalAt('name', async () => {
      const answer = (await register({ variables: { input: { modelId, name: name.trim() } } })).data?.registerModel;
      const registered = answer?.registeredModel;
      if (registered) setKept({ id: registered.id, name: registered.name, version: registered.versions.find((one) => one.model?.id === modelId)?.number ?? null });
      return answer?.userErrors;
    });
    setRefused(here);
    return elsewhere ?? (here === null ? null : false);
  };

  return (
    <>
      {kept ? (
        <div className="order-last basis-full">
          <Callout
            tone="good"
            title={`Registered as ${kept.name}${kept.version === null ? '' : `, version ${kept.version}`}`}
            action={
              <Link to="/registry/$registeredId" params={{ registeredId: kept.id }} className="shrink-0 text-accent hover:underline">
                Open it
              </Link>
            }
          >
            Let an alias point to it there, and programs ask by that.
          </Callout>
        </div>
      ) : null}
      <FormDialog
        button="Register…"
        title="Register the model under a name"
        verb="Register"
        ready={name.trim() !== '' && wrong === null}
        onOpen={() => {
          setName(kept?.name ?? '');
          setRefused(null);
          void load();
        }}
        onSubmit={submit}
      >
        <p className="text-muted">
          It becomes the next version under the name. Programs can then ask by an alias, such as “production”, that you move from version to version. While it is one, its job can be neither
          extended nor deleted.
        </p>
        <TextInput
          label="Name"
          hint={name.trim() === '' ? 'A name of yours that exists, or a new one.' : known.includes(name.trim()) ? 'It becomes the next version of this name.' : 'A new name, with this model as version 1.'}
          error={wrong}
          required
          maxLength={LONGEST_NAME * 2}
          autoComplete="off"
          list={list}
          placeholder={modelName.slice(0, LONGEST_NAME)}
          value={name}
          onChange={(event) => {
            setName(event.target.value);
            setRefused(null);
          }}
        />
        <datalist id={list}>
          {known.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      </FormDialog>
    </>
  );
}
