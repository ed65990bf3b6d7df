import { Link } from '@tanstack/react-router';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatAgo } from '../../lib/format';
import { useNow } from '../../lib/useNow';
import { Badge } from '../../ui/Badge';
import { isMeant, versionWords } from './names';

const RegistryListModels = graphql(`
  fragment RegistryList_models on RegisteredModelConnection {
    edges {
      node {
        id
        name
        createdAt
        versions {
          number
        }
        aliases {
          alias
          version
        }
      }
    }
  }
`);

type RegistryListProps = { models: FragmentType<typeof RegistryListModels>; text: string };

/** Names of models with their aliases; only those that are meant by what was typed. */
export function RegistryList({ models, text }: RegistryListProps) {
  const { edges } = readFragment(RegistryListModels, models);
  const now = useNow(60_000);
  const meant = edges.filter(({ node }) => isMeant(text, node.name, node.aliases));
  if (meant.length === 0) return <p className="text-muted">No name and no alias is like that.</p>;
  return (
    <ul className="divide-y divide-line">
      {meant.map(({ node: model }) => (
        <li key={model.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3 first:pt-0 last:pb-0">
          <div className="min-w-0 flex-1 basis-56">
            <Link to="/registry/$registeredId" params={{ registeredId: model.id }} className="font-medium break-words hover:text-accent hover:underline">
              {model.name}
            </Link>
            <p className="text-xs text-muted">
              {versionWords(model.versions.map((one) => one.number))} · since {formatAgo(Date.parse(model.createdAt), now)}
            </p>
          </div>
          <p className="flex min-w-0 flex-wrap gap-1.5">
            {model.aliases.length === 0 ? <span className="text-xs text-muted">no alias</span> : null}
            {model.aliases.map((one) => (
              <Badge key={one.alias} tone="accent">
                {one.alias} → {one.version}
              </Badge>
            ))}
          </p>
        </li>
      ))}
    </ul>
  );
}
