// What a page showed when it was right, and shows now: the differences marked, and the whole of it side by side. Nothing of
// the page is drawn as a page: its texts and addresses are shown as text.
import { useState } from 'react';
import type { ServiceContent, WatchedService } from '~/api/types';
import { useServiceContent } from '~/api/watch';
import { useLanguage } from '~/i18n';
import { DataTable } from '~/ui/DataTable';
import { MayButton } from '~/ui/MayButton';
import { Loaded, Section } from '~/ui/Page';
import { ScrollRegion } from '~/ui/ScrollRegion';
import { Time } from '~/ui/Time';
import { Accept } from './Announce';
import { marked } from './latency';
import '~/ui/changes.css';

type Change = ServiceContent['changes'][number];
type Part = ServiceContent['before'][number];

export function ServiceContentView({ service }: { service: WatchedService }) {
  const { t } = useLanguage();
  const query = useServiceContent(service.id);
  const [accepting, setAccepting] = useState<{ looked: string | null } | null>(null);
  const differs = (query.data?.changes.length ?? 0) > 0;
  return (
    <Section
      title={t('services.content')}
      extra={
        differs ? (
          <MayButton
            action="service_manage"
            type="primary"
            onClick={() => setAccepting({ looked: query.data?.fingerprint ?? null })}
          >
            {t('services.accept')}
          </MayButton>
        ) : null
      }
    >
      <Loaded query={query} rows={4}>
        {(content) => <Compared content={content} />}
      </Loaded>
      {accepting ? (
        <Accept service={service} looked={accepting.looked} onClose={() => setAccepting(null)} />
      ) : null}
    </Section>
  );
}

function Compared({ content }: { content: ServiceContent }) {
  const { t } = useLanguage();
  if (content.before.length === 0 && content.after.length === 0)
    return <p className="muted">{t('services.content_none')}</p>;
  return (
    <>
      <p className="muted content-seen">
        {t('services.content_seen')}: <Time at={content.seen_at} />
      </p>
      {content.words.length > 0 ? (
        <p className="will-happen">
          {t('services.words')}: <strong>{content.words.join(', ')}</strong>
        </p>
      ) : null}
      {content.changes.length === 0 ? (
        <p>{t('services.content_same')}</p>
      ) : (
        <Changes list={content.changes} />
      )}
      <details className="content-whole">
        <summary>{t('services.whole')}</summary>
        <div className="two-columns">
          <Side title={t('services.before')} parts={content.before} other={content.after} mark="del" />
          <Side title={t('services.after')} parts={content.after} other={content.before} mark="ins" />
        </div>
      </details>
    </>
  );
}

function Changes({ list }: { list: Change[] }) {
  const { t } = useLanguage();
  return (
    <DataTable
      label={t('services.content')}
      rows={list}
      rowKey={(row) => `${row.where} ${row.part} ${row.before} ${row.after}`}
      columns={[
        {
          key: 'change',
          title: t('services.change'),
          width: 190,
          primary: true,
          render: (row) => `${t(`page_part.${row.part}`)}: ${t(`change_kind.${row.kind}`)}`,
        },
        {
          key: 'where',
          title: t('services.where'),
          width: 220,
          hideNarrow: true,
          render: (row) => <code className="content-where">{row.where}</code>,
        },
        {
          key: 'before',
          title: t('services.before'),
          render: (row) => <Marked change={row} side="before" />,
        },
        { key: 'after', title: t('services.after'), render: (row) => <Marked change={row} side="after" /> },
      ]}
    />
  );
}

// The text of one side with what the other side lacks marked.
function Marked({ change, side }: { change: Change; side: 'before' | 'after' }) {
  if (change[side] === '') return <span className="muted">–</span>;
  const text = marked(change.before, change.after);
  const Mark = side === 'before' ? 'del' : 'ins';
  return (
    <span className="content-text">
      {text.head}
      {text[side] ? <Mark>{text[side]}</Mark> : null}
      {text.tail}
    </span>
  );
}

const keyOf = (part: Part) => `${part.kind}\n${part.where}\n${part.value}`;

function Side({
  title,
  parts,
  other,
  mark: Mark,
}: {
  title: string;
  parts: Part[];
  other: Part[];
  mark: 'del' | 'ins';
}) {
  const known = new Set(other.map(keyOf));
  return (
    <div>
      <h3 className="service-sub">{title}</h3>
      <ScrollRegion label={title} className="content-parts">
        <ul>
          {parts.map((part, index) => (
            <li key={`${keyOf(part)} ${String(index)}`}>
              {known.has(keyOf(part)) ? part.value : <Mark>{part.value}</Mark>}
            </li>
          ))}
        </ul>
      </ScrollRegion>
    </div>
  );
}
