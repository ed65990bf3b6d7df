import { useQuery } from '@apollo/client/react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { ROLES, wordsOf } from '../../lib/words';
import { Fact } from '../../ui/Fact';
import { latencyWords, monotoneWords, thresholdWords, validationWords } from './settingsWords';

export const AskedFactsSettings = graphql(`
  fragment AskedFacts_settings on JobSettings {
    roles {
      column
      role
    }
    validation {
      kind
      folds
      column
    }
    weightColumn
    threshold {
      goal
      atLeast
    }
    monotone {
      column
      direction
    }
    maxLatencyMilliseconds
  }
`);

// Apart from the page's query, which is near the limit of fields: none of this changes while a job runs.
const AskedSettingsQuery = graphql(`
  query AskedSettings($id: ID!) {
    node(id: $id) {
      __typename
      ... on Job {
        id
        settings {
          ...AskedFacts_settings
        }
      }
    }
  }
`);

/** What was asked for beyond the usual, inside a `<dl>`. */
export function AskedSettings({ jobId }: { jobId: string }) {
  const { data } = useQuery(AskedSettingsQuery, { variables: { id: jobId } });
  return data?.node?.__typename === 'Job' ? <AskedFacts settings={data.node.settings} /> : null;
}

/** What stayed automatic is not named, but for the validation, which everybody asks for. */
export function AskedFacts({ settings: masked }: { settings: FragmentType<typeof AskedFactsSettings> }) {
  const settings = readFragment(AskedFactsSettings, masked);
  return (
    <>
      <Fact name="Validation">{capital(validationWords(settings.validation))}</Fact>
      {settings.weightColumn === null ? null : <Fact name="Weight of rows">{settings.weightColumn}</Fact>}
      {settings.threshold === null ? null : <Fact name="Decides for">{capital(thresholdWords(settings.threshold))}</Fact>}
      {settings.maxLatencyMilliseconds === null ? null : <Fact name="Time for an answer">At most {latencyWords(settings.maxLatencyMilliseconds)}</Fact>}
      {settings.monotone.length > 0 ? (
        <Fact name="The prediction only" wide>
          {capital(monotoneWords(settings.monotone))}
        </Fact>
      ) : null}
      <Named name="Roles set by hand" names={settings.roles.map(({ column, role }) => `${column}: ${wordsOf(ROLES, role).name.toLowerCase()}`)} />
    </>
  );
}

/** As a value by itself, which begins with a capital letter. */
function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** More than these fill a screen. */
const MOST = 20;

export function Named({ name, names }: { name: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <Fact name={name} wide>
      {names.slice(0, MOST).join(', ')}
      {names.length > MOST ? ` and ${names.length - MOST} more` : ''}
    </Fact>
  );
}
