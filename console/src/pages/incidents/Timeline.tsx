// Everything that happened in a case, each with its record of the evidence; notes; who was told by other ways.
import { Button, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useNote } from '~/api/incidents';
import type { IncidentDetail } from '~/api/incidentTypes';
import { useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Section } from '~/ui/Page';
import { SealLink } from '~/ui/Seal';
import { Time } from '~/ui/Time';
import { MarkDialog } from './Mark';

export function Timeline({ incident }: { incident: IncidentDetail }) {
  const { t, local } = useLanguage();
  const [marking, setMarking] = useState(false);
  const mayProve = useMay('evidence_prove');
  return (
    <Section
      title={t('incident.timeline')}
      extra={
        <MayButton action="incident_handle" size="small" onClick={() => setMarking(true)}>
          {t('incident.mark')}
        </MayButton>
      }
    >
      <Note incident={incident} />
      <ol className="timeline case-timeline" reversed>
        {[...incident.timeline].reverse().map((entry) => (
          <li key={`${entry.kind} ${entry.number}`} data-kind={entry.kind}>
            <Time at={entry.at} />
            <span className="timeline-kind">
              {t(`entry.${entry.kind}` as 'entry.note', { defaultValue: entry.kind })}
            </span>
            <span className="pre-line wrap">
              {local(entry.text)} <span className="muted">{entry.by}</span>
              {entry.kind === 'event' ? <Found data={entry.data} /> : null}
            </span>
            {entry.seq !== null && mayProve ? <SealLink seq={entry.seq} /> : <span />}
          </li>
        ))}
      </ol>
      {marking ? <MarkDialog incident={incident} onClose={() => setMarking(false)} /> : null}
    </Section>
  );
}

// A record of the logs in the case's story: what it said, and the finding it belongs to.
function Found({ data }: { data: Record<string, unknown> }) {
  const { t } = useLanguage();
  const mayFind = useMay('finding_read');
  const text = (key: string) => (typeof data[key] === 'string' ? (data[key] as string) : '');
  return (
    <>
      {text('message') ? <code className="timeline-message">{text('message')}</code> : null}
      {text('finding') && mayFind ? (
        <Link to={`/findings/${text('finding')}`}>{t('incident.see_finding')}</Link>
      ) : null}
    </>
  );
}

function Note({ incident }: { incident: IncidentDetail }) {
  const { t } = useLanguage();
  const note = useNote(incident.id);
  const [text, setText] = useState('');
  const may = useMay('incident_handle') && incident.may_handle;
  if (!may) return null;
  const clean = text.normalize('NFC').trim();
  return (
    <form
      className="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (clean) note.mutate(clean, { onSuccess: () => setText('') });
      }}
    >
      {note.error ? <ErrorNote error={note.error} /> : null}
      <Input.TextArea
        aria-label={t('incident.note')}
        placeholder={t('incident.note_hint')}
        autoSize={{ minRows: 1, maxRows: 8 }}
        maxLength={16000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button htmlType="submit" loading={note.isPending} disabled={!clean}>
        {t('incident.add_note')}
      </Button>
    </form>
  );
}
