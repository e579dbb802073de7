// What a case is about: findings, reports of staff, other cases, and entities that people named.

import { useState } from 'react';
import { Link } from 'react-router-dom';
import type { Entity } from '~/api/types';
import { useLanguage } from '~/i18n';
import { EntityLink } from '~/ui/EntityLink';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Section } from '~/ui/Page';
import { PartDialog } from './PartDialog';
import { type CaseProps, textOf } from './Parts';

export function Links({ process, incident }: CaseProps) {
  const { t, local } = useLanguage();
  const [adding, setAdding] = useState(false);
  const entities = incident.parts.filter((part) => part.kind === 'entity');
  const shown = (link: (typeof incident.links)[number]) => (link.title ? local(link.title) : link.ref);
  return (
    <>
      <Section title={t('incident.links')}>
        {incident.links.length === 0 ? (
          <EmptyState why={t('incident.no_links')} />
        ) : (
          <ul className="worklist">
            {incident.links.map((link) => (
              <li key={`${link.kind} ${link.ref}`}>
                <span className="worklist-title">
                  {link.kind === 'finding' ? (
                    <Link to={`/findings/${link.ref}`}>{shown(link)}</Link>
                  ) : link.kind === 'case' ? (
                    <Link to={`/incidents/${link.ref}`}>{shown(link)}</Link>
                  ) : (
                    <Link to={`/staff-reports?open=${link.ref}`}>{shown(link)}</Link>
                  )}
                </span>
                <span className="worklist-meta">
                  <span>{t(`link_kind.${link.kind}`)}</span>
                  {link.through ? <span>{t('incident.through_case')}</span> : null}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section
        title={t('incident.entities')}
        extra={
          <MayButton
            action="incident_handle"
            size="small"
            whyNot={incident.over ? t('incident.is_over') : null}
            onClick={() => setAdding(true)}
          >
            {t('part_add.entity')}
          </MayButton>
        }
      >
        {entities.length === 0 ? (
          <EmptyState why={t('incident.no_entities')} />
        ) : (
          <ul className="entities">
            {entities.map((part) => {
              const type = textOf(part, 'type') as Entity['type'];
              return (
                <li key={part.id}>
                  <span className="muted">{t(`entity.${type}`)}</span>
                  <EntityLink entity={{ type, value: textOf(part, 'value'), name: textOf(part, 'value') }} />
                </li>
              );
            })}
          </ul>
        )}
      </Section>
      {adding ? (
        <PartDialog
          process={process}
          incident={incident}
          asked={{ kind: 'entity' }}
          onClose={() => setAdding(false)}
        />
      ) : null}
    </>
  );
}
