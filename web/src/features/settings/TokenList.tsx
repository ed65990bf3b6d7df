import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { Scope } from '../../gql/graphql';
import { refusalOf } from '../../lib/failure';
import { formatAgo } from '../../lib/format';
import { useNow } from '../../lib/useNow';
import { wordsOf } from '../../lib/words';
import { Callout } from '../../ui/Callout';
import { ConfirmButton } from '../../ui/ConfirmButton';
import { CopyButton } from '../../ui/CopyButton';
import { SelectInput, TextInput } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';

const TokenListUser = graphql(`
  fragment TokenList_user on User {
    id
    apiTokens {
      id
      name
      scopes
      createdAt
      expiresAt
      lastUsedAt
    }
  }
`);

const CreateApiToken = graphql(`
  mutation CreateApiToken($input: CreateApiTokenInput!) {
    createApiToken(input: $input) {
      secret
      userErrors {
        message
      }
    }
  }
`);

const DeleteApiToken = graphql(`
  mutation DeleteApiToken($input: DeleteApiTokenInput!) {
    deleteApiToken(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

const SCOPES: Record<Scope, { name: string }> = {
  READ: { name: 'Read and watch' },
  WRITE: { name: 'Change what is yours' },
  PREDICT: { name: 'Ask models' },
  ADMIN: { name: 'Look after the server' },
};

const DAYS = [30, 90, 365] as const;
const DAY_MILLISECONDS = 86_400_000;

/** Tokens for scripts: made, shown once, ended. */
export function TokenList({ user: masked }: { user: FragmentType<typeof TokenListUser> }) {
  const tokens = readFragment(TokenListUser, masked).apiTokens ?? [];
  const now = useNow(60_000);
  const [create] = useMutation(CreateApiToken, { refetchQueries: ['SettingsPrograms'], fetchPolicy: 'no-cache' });
  const [remove, removing] = useMutation(DeleteApiToken, { refetchQueries: ['SettingsPrograms'] });
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['READ']);
  const [days, setDays] = useState('90');
  const [secret, setSecret] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const make = async () => {
    const expiresAt = days === '' ? null : new Date(Date.now() + Number(days) * DAY_MILLISECONDS).toISOString();
    return refusalOf(async () => {
      const answer = (await create({ variables: { input: { name: name.trim(), scopes: [...scopes], expiresAt } } })).data?.createApiToken;
      if (answer?.secret) {
        setSecret(answer.secret);
        setName('');
      }
      return answer?.userErrors;
    });
  };
  const end = async (id: string) => {
    setFailure(await refusalOf(async () => (await remove({ variables: { input: { id } } })).data?.deleteApiToken?.userErrors));
  };
  const toggle = (scope: Scope) => setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope]);

  return (
    <div className="space-y-4">
      {secret !== null ? (
        <Callout tone="good" title="Copy it now: it is not shown again" action={<CopyButton text={secret}>Copy</CopyButton>}>
          <code data-testid="secret" className="break-all">
            {secret}
          </code>
        </Callout>
      ) : null}
      {failure !== null ? <Callout tone="bad">{failure}</Callout> : null}
      {tokens.length === 0 ? <p className="text-muted">None.</p> : null}
      <ul className="divide-y divide-line">
        {tokens.map((token) => (
          <li key={token.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 first:pt-0 last:pb-0">
            <div className="min-w-0 flex-1 basis-56">
              <p className="font-medium break-words">{token.name}</p>
              <p className="text-xs text-muted">
                {token.scopes.map((scope) => wordsOf(SCOPES, scope).name).join(', ')} · {token.lastUsedAt === null ? 'never used' : `used ${formatAgo(Date.parse(token.lastUsedAt), now)}`}
                {token.expiresAt === null ? '' : ` · until ${new Date(token.expiresAt).toLocaleDateString()}`}
              </p>
            </div>
            <span className="-mx-2.5">
              <ConfirmButton
                look="remove"
                size="small"
                busy={removing.loading}
                ariaLabel={`End it: the token ${token.name}`}
                question={`End the token “${token.name}”?`}
                consequence="Whatever uses it is refused at once."
                verb="End it"
                onConfirm={() => void end(token.id)}
              >
                End it
              </ConfirmButton>
            </span>
          </li>
        ))}
      </ul>
      <div>
        <FormDialog button="New token" title="A token for a script" verb="Make it" ready={name.trim() !== '' && scopes.length > 0} onOpen={() => setSecret(null)} onSubmit={make}>
          <TextInput label="What is it for?" required maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
          <fieldset>
            <legend className="mb-1 font-medium">It may</legend>
            {(Object.keys(SCOPES) as Scope[]).map((scope) => (
              <label key={scope} className="flex items-center gap-3 py-1">
                <input type="checkbox" className="size-4 accent-accent" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />
                {SCOPES[scope].name}
              </label>
            ))}
          </fieldset>
          <SelectInput label="It ends after" value={days} onChange={(event) => setDays(event.target.value)}>
            {DAYS.map((one) => (
              <option key={one} value={one}>
                {one} days
              </option>
            ))}
            <option value="">Never</option>
          </SelectInput>
        </FormDialog>
      </div>
    </div>
  );
}
