// The process as a drawing: five steps, the ways between them, where the case stands and how it got there. The same is said
// as a list, which is what a phone shows and a screen reader reads.
import type { IncidentDetail, IncidentProcess } from '~/api/incidentTypes';
import { useLanguage } from '~/i18n';
import { Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { Time } from '~/ui/Time';
import { box, drawingOf, drawnWays, linesOf, movesOf, movesOfRound, type Where } from './drawing';
import './process.css';

export function Process({ process, incident }: { process: IncidentProcess; incident: IncidentDetail }) {
  const { t, local } = useLanguage();
  const moves = movesOfRound(process, incident.timeline, incident.round);
  return (
    <Section title={local(process.title)} extra={<span className="muted">{local(process.source)}</span>}>
      {incident.round > 1 ? <Rounds process={process} incident={incident} /> : null}
      <Drawn process={process} incident={incident} />
      <ol className="process-list" aria-label={t('incident.process')}>
        {drawingOf(process, incident.state, moves).nodes.map((node) => {
          const state = process.states.find((each) => each.id === node.id);
          const ways = drawnWays(process).filter((way) => way.from.includes(node.id));
          if (!state) return null;
          return (
            <li
              key={node.id}
              className={`where-${node.where}`}
              {...(node.where === 'here' ? { 'aria-current': 'step' as const } : {})}
            >
              <span className="process-name">
                <Mark where={node.where} over={node.end} />
                {local(state.title)}
              </span>
              <span className="muted">{t(`where.${node.where}`)}</span>
              {ways.length > 0 ? (
                <ul>
                  {ways.map((way) => {
                    const to = process.states.find((each) => each.id === way.to);
                    return (
                      <li key={way.event}>
                        {local(way.title)} → {to ? local(to.title) : way.to}
                      </li>
                    );
                  })}
                </ul>
              ) : null}
            </li>
          );
        })}
      </ol>
    </Section>
  );
}

// Where a case stands is no warning; only that it has ended, or passed, is a tick.
function Mark({ where, over }: { where: Where; over: boolean }) {
  const done = where === 'passed' || (where === 'here' && over);
  if (where === 'here' && !over) return <span className="process-dot" aria-hidden="true" />;
  return <StateIcon state={done ? 'kept' : 'unknown'} />;
}

function Rounds({ process, incident }: { process: IncidentProcess; incident: IncidentDetail }) {
  const { t, local } = useLanguage();
  const ends = new Set(process.states.filter((state) => state.end).map((state) => state.id));
  const ended = movesOf(incident.timeline).filter((move) => ends.has(move.to));
  return (
    <div className="will-happen process-rounds">
      <p>{t('incident.round', { number: incident.round })}</p>
      <ul>
        {ended
          .filter((move) => move.round < incident.round)
          .map((move) => {
            const state = process.states.find((each) => each.id === move.to);
            return (
              <li key={`${move.round} ${move.at}`}>
                {t('incident.round_ended', {
                  number: move.round,
                  state: state ? local(state.title) : move.to,
                })}{' '}
                <Time at={move.at} />
              </li>
            );
          })}
      </ul>
    </div>
  );
}

function Drawn({ process, incident }: { process: IncidentProcess; incident: IncidentDetail }) {
  const { t, local } = useLanguage();
  const moves = movesOfRound(process, incident.timeline, incident.round);
  const drawing = drawingOf(process, incident.state, moves);
  const wayOf = (event: string) => process.transitions.find((way) => way.event === event);
  return (
    <svg
      className="process-drawing"
      viewBox={`0 0 ${drawing.width} ${drawing.height}`}
      role="img"
      aria-label={t('incident.drawing', { state: local(incident.state_title) })}
    >
      <defs>
        {['plain', 'used'].map((kind) => (
          <marker
            key={kind}
            id={`arrow-${kind}`}
            className={`process-arrow process-arrow-${kind}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0 0 8 4 0 8z" />
          </marker>
        ))}
      </defs>
      {drawing.edges.map((edge) => {
        const way = wayOf(edge.event);
        const kinds = `${edge.used ? 'edge-used' : ''} ${edge.beyond ? 'edge-beyond' : ''}`;
        return (
          <g key={`${edge.event} ${edge.path}`} className={`process-edge ${kinds}`}>
            <path d={edge.path} markerEnd={`url(#arrow-${edge.used ? 'used' : 'plain'})`} />
            {edge.label && way ? (
              <text x={edge.label.x} y={edge.label.y} textAnchor={edge.label.anchor}>
                {edge.beyond ? t('incident.beyond') : local(way.title)}
              </text>
            ) : null}
          </g>
        );
      })}
      {drawing.nodes.map((node) => {
        const state = process.states.find((each) => each.id === node.id);
        const { head, lines } = linesOf(state ? local(state.title) : node.id);
        const rows = head ? [head, ...lines] : lines;
        const first = node.y + box.height / 2 - (rows.length - 1) * 8.5;
        return (
          <g key={node.id} className={`process-node where-${node.where} ${node.end ? 'node-end' : ''}`}>
            <rect x={node.x} y={node.y} width={box.width} height={box.height} rx={node.end ? 37 : 6} />
            {rows.map((row, index) => (
              <text
                key={row}
                x={node.x + box.width / 2}
                y={first + index * 17}
                textAnchor="middle"
                dominantBaseline="central"
                className={index === 0 && head ? 'process-head' : ''}
              >
                {row}
              </text>
            ))}
            {node.where === 'passed' ? (
              <path className="process-tick" d={`m${node.x + box.width - 22} ${node.y + 14} 4 4 8-9`} />
            ) : null}
          </g>
        );
      })}
    </svg>
  );
}
