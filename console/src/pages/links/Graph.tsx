// Who talked to whom, drawn. Every end is a link that goes on from there; the tables beside it say the same in words.
import { useEffect, useMemo, useRef } from 'react';
import { Link } from 'react-router-dom';
import type { LinkNode, Links } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatDateTime, formatNumber } from '~/ui/format';
import { ScrollRegion } from '~/ui/ScrollRegion';
import { graphHeight, graphWidth, layout, type Place } from './layout';

// More ends than these are a cloud that nobody reads.
const drawnMax = 80;
// So many names are written out; the others show theirs when they are pointed at.
const namedMax = 36;
const nodeSize = 9;

export function Graph({
  links,
  center,
  address,
}: {
  links: Links;
  center: string | undefined; // Id of the end that was asked about.
  address: (node: LinkNode) => string; // The search of the page around an end.
}) {
  const { t, language } = useLanguage();
  const drawn = useMemo(() => {
    const nodes = [...links.nodes]
      .sort((a, b) => Number(b.id === center) - Number(a.id === center) || b.count - a.count)
      .slice(0, drawnMax);
    const ids = nodes.map((node) => node.id);
    const known = new Set(ids);
    const edges = links.edges.filter((edge) => known.has(edge.from) && known.has(edge.to));
    return { nodes, edges, places: layout(ids, edges) };
  }, [links, center]);
  const { nodes, edges, places } = drawn;
  const picture = useRef<SVGSVGElement>(null);
  // Where the picture is wider than its frame, its middle is seen first.
  useEffect(() => {
    const frame = picture.current?.parentElement;
    if (frame && nodes.length > 0) frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;
  }, [nodes]);
  const names = new Map(links.nodes.map((node) => [node.id, node.label]));
  const most = Math.max(1, ...edges.map((edge) => edge.count));
  return (
    <>
      <ScrollRegion label={t('links.graph')} className="graph-frame">
        {/* biome-ignore lint/a11y/useSemanticElements: a drawing cannot be a fieldset. */}
        <svg
          ref={picture}
          className="graph"
          viewBox={`0 0 ${graphWidth} ${graphHeight}`}
          role="group"
          aria-label={t('links.graph_aria', {
            nodes: formatNumber(nodes.length, language),
            edges: formatNumber(edges.length, language),
          })}
        >
          <defs>
            <marker
              id="graph-arrow"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              markerUnits="userSpaceOnUse"
              orient="auto"
            >
              <path d="M0 0 8 4 0 8z" className="graph-arrow" />
            </marker>
          </defs>
          {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: lines take no focus; the tables have them. */}
          <g aria-hidden="true">
            {edges.map((edge) => (
              <EdgeLine
                key={`${edge.from} ${edge.to}`}
                from={places.get(edge.from)}
                to={places.get(edge.to)}
                weight={Math.log1p(edge.count) / Math.log1p(most)}
                title={t('links.edge', {
                  from: names.get(edge.from) ?? edge.from,
                  to: names.get(edge.to) ?? edge.to,
                  number: formatNumber(edge.count, language),
                  last: formatDateTime(edge.last),
                })}
              />
            ))}
          </g>
          {nodes.map((node, index) => (
            <Node
              key={node.id}
              node={node}
              place={places.get(node.id)}
              named={index < namedMax}
              central={node.id === center}
              to={`/links?${address(node)}`}
            />
          ))}
        </svg>
      </ScrollRegion>
      <p className="muted graph-legend">{t('links.legend')}</p>
      {links.nodes.length > nodes.length ? (
        <p className="muted graph-legend">
          {t('links.graph_part', {
            shown: formatNumber(nodes.length, language),
            number: formatNumber(links.nodes.length, language),
          })}
        </p>
      ) : null}
    </>
  );
}

// From edge to edge of the two signs, so that the arrow's point is seen.
function EdgeLine({
  from,
  to,
  weight,
  title,
}: {
  from: Place | undefined;
  to: Place | undefined;
  weight: number;
  title: string;
}) {
  if (!from || !to || from === to) return null;
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length < nodeSize * 2.6) return null;
  const ux = (to.x - from.x) / length;
  const uy = (to.y - from.y) / length;
  const gap = nodeSize + 3;
  return (
    <line
      className="graph-edge"
      x1={from.x + ux * gap}
      y1={from.y + uy * gap}
      x2={to.x - ux * gap}
      y2={to.y - uy * gap}
      strokeWidth={1 + weight * 2.5}
      markerEnd="url(#graph-arrow)"
    >
      <title>{title}</title>
    </line>
  );
}

const signs: Record<LinkNode['type'], React.ReactNode> = {
  device: <rect x={-nodeSize} y={-nodeSize} width={nodeSize * 2} height={nodeSize * 2} rx={2} />,
  address: <circle r={nodeSize} />,
  domain: <path d={`M0 ${-nodeSize - 2} ${nodeSize + 2} 0 0 ${nodeSize + 2} ${-nodeSize - 2} 0z`} />,
};

function Node({
  node,
  place,
  named,
  central,
  to,
}: {
  node: LinkNode;
  place: Place | undefined;
  named: boolean;
  central: boolean;
  to: string;
}) {
  const { t, language } = useLanguage();
  if (!place) return null;
  const title = t('links.node', {
    type: t(`link_type.${node.type}`),
    name: node.label,
    number: formatNumber(node.count, language),
  });
  return (
    <Link
      to={to}
      aria-label={title}
      className={`graph-node graph-${node.type} ${central ? 'graph-central' : ''} ${named ? 'graph-named' : ''}`}
    >
      <g transform={`translate(${place.x} ${place.y})`}>
        <title>{title}</title>
        {signs[node.type]}
        <text y={nodeSize + 14} textAnchor="middle">
          {node.label.length > 28 ? `${node.label.slice(0, 27)}…` : node.label}
        </text>
      </g>
    </Link>
  );
}
