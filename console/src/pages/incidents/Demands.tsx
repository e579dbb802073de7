// What a way on asks for, and where to get it: the paper that is there already, or a new one; the conclusion that it must
// have, who signs it, whether it must have been sent.
import { Link, useNavigate } from 'react-router-dom';
import type { IncidentDetail, IncidentProcess, IncidentWayOn } from '~/api/incidentTypes';
import { useDraft } from '~/api/papers';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote } from '~/ui/Page';
import { demandsOf } from './demands';

interface Props {
  process: IncidentProcess;
  incident: IncidentDetail;
  way: IncidentWayOn;
}

export function Missing({ process, incident, way }: Props) {
  const { t, local } = useLanguage();
  const demands = demandsOf(process, incident, way);
  if (way.missing.length === 0) return null;
  return (
    <div className="way-missing">
      <span>{t('incident.missing')}</span>
      <ul>
        {way.missing.map((each) => (
          <li key={each.vi}>{local(each)}</li>
        ))}
      </ul>
      {demands.papers.map((demand) => (
        <Asked key={demand.form.id} incident={incident} demand={demand} />
      ))}
      {demands.joint ? (
        <p>
          <Link to={`/incidents/${incident.id}?tab=joint`}>{t('incident.to_joint')}</Link>
        </p>
      ) : null}
    </div>
  );
}

type Demand = ReturnType<typeof demandsOf>['papers'][number];

function Asked({ incident, demand }: { incident: IncidentDetail; demand: Demand }) {
  const { t, local } = useLanguage();
  const navigate = useNavigate();
  const draft = useDraft(incident.id);
  const { form, conclusion, paper } = demand;
  return (
    <div className="way-paper" data-form={form.id}>
      {draft.error ? <ErrorNote error={draft.error} /> : null}
      <span>
        {local(form.title)}:{' '}
        {[
          conclusion ? t('incident.with_conclusion', { text: conclusion }) : null,
          t('incident.all_signed'),
          demand.delivered ? t('incident.and_sent') : null,
        ]
          .filter(Boolean)
          .join('; ')}
        .
      </span>
      {paper ? (
        <Link to={`/incidents/${incident.id}/papers/${paper.id}`}>
          {t('incident.open_paper', {
            number: paper.notation ?? t('paper.no_number'),
            state: t(`paper_state.${paper.state}`).toLocaleLowerCase(),
          })}
        </Link>
      ) : (
        <MayButton
          action="incident_handle"
          size="small"
          loading={draft.isPending}
          whyNot={incident.may_handle ? null : t('incident.not_yours')}
          onClick={() =>
            draft.mutate(
              { form: form.id },
              { onSuccess: (made) => navigate(`/incidents/${incident.id}/papers/${made.id}`) },
            )
          }
        >
          {t('incident.write_paper')}
        </MayButton>
      )}
    </div>
  );
}
