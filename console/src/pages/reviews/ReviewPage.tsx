// One review: its lines gone through by keyboard (arrows to walk, one key per answer), nobody answering their own; closing it
// once everything is answered and done.
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { useAnswerReview, useCloseReview, useReview, useReviewFile } from '~/api/control';
import { type Answer, answers, type ReviewDetail, type ReviewLine } from '~/api/controlTypes';
import { useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { CountFilter } from '~/ui/CountFilter';
import { type Column, DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { saveBlob } from '~/ui/files';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Page } from '~/ui/Page';
import { PersonLink } from '~/ui/PersonLink';
import { useParamsState } from '~/ui/query';
import { SealLink } from '~/ui/Seal';
import { Age, DateOnly } from '~/ui/Time';
import { focusedRow, useQueueKeys } from '../findings/useQueueKeys';
import { AboutPapers } from '../office/AboutPapers';
import {
  answerKeys,
  answersOf,
  isUndone,
  keyOfAnswer,
  linesOf,
  needsReason,
  openParts,
  shares,
  toAnswer,
} from './answer';
import { Due, Progress } from './ReviewsPage';
import '../findings/findings.css';
import './reviews.css';

export default function ReviewPage() {
  const { t } = useLanguage();
  const { review: id = '' } = useParams();
  const query = useReview(id);
  const review = query.data;
  return (
    <Page
      title={review?.number ?? t('nav.reviews')}
      lead={review?.agency.name}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/reviews">{t('nav.reviews')}</Link>
        </nav>
      }
      extra={review ? <Acts review={review} /> : null}
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={10}>
        {(found) => (
          <>
            <Lines review={found} />
            <AboutPapers kind="review" about={found.id} action="access_review" />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Acts({ review }: { review: ReviewDetail }) {
  const { t, language } = useLanguage();
  const [closing, setClosing] = useState(false);
  const file = useReviewFile(review.id);
  const left = openParts(review);
  const whyNot = left
    ? t('review.not_yet', {
        unanswered: formatNumber(left.unanswered, language),
        undone: formatNumber(left.undone, language),
      })
    : null;
  return (
    <>
      <Button
        loading={file.isPending}
        onClick={() =>
          file.mutate(undefined, { onSuccess: (blob) => saveBlob(`${review.number}.csv`, blob) })
        }
      >
        {t('review.file')}
      </Button>
      {review.seq === null ? null : <SealLink seq={review.seq} />}
      {review.closed_at ? null : (
        <MayButton action="access_review" type="primary" whyNot={whyNot} onClick={() => setClosing(true)}>
          {t('review.close')}
        </MayButton>
      )}
      {closing ? <CloseReview review={review} onClose={() => setClosing(false)} /> : null}
    </>
  );
}

function CloseReview({ review, onClose }: { review: ReviewDetail; onClose: () => void }) {
  const { t } = useLanguage();
  const close = useCloseReview(review.id);
  return (
    <Modal
      open
      title={t('review.close')}
      okText={t('review.close')}
      cancelText={t('action.cancel')}
      confirmLoading={close.isPending}
      onCancel={onClose}
      onOk={() => close.mutate(undefined, { onSuccess: onClose })}
    >
      {close.error ? <ErrorNote error={close.error} /> : null}
      <p className="will-happen">{t('review.close_will')}</p>
    </Modal>
  );
}

interface Asked {
  lines: ReviewLine[];
  answer: Answer;
}

function Lines({ review }: { review: ReviewDetail }) {
  const { t, language } = useLanguage();
  const [params, setParams] = useParamsState('share');
  const share = shares.find((each) => each === params.share);
  const answer = useAnswerReview(review.id);
  const may = useMay('access_review') && review.closed_at === null;
  const [ticked, setTicked] = useState<Set<string>>(new Set());
  const [asked, setAsked] = useState<Asked | null>(null);
  const rows = linesOf(review.lines, share);
  const give = (meant: ReviewLine[], wanted: Answer) => {
    if (meant.length === 0) return;
    if (needsReason(wanted)) setAsked({ lines: meant, answer: wanted });
    else answer.mutate(answersOf(meant, wanted, ''), { onSuccess: () => setTicked(new Set()) });
  };
  useQueueKeys((key) => {
    const wanted = answerKeys[key];
    if (!wanted || !may) return false;
    const row = focusedRow();
    give(toAnswer(rows, ticked, row ? rows[Number(row.dataset.index)]?.id : undefined), wanted);
    return true;
  });
  const columns = useColumns(may, give);
  const chosen = toAnswer(rows, ticked, undefined);
  const number = (count: number) => formatNumber(count, language);
  return (
    <>
      <dl className="facts facts-row">
        <div>
          <dt>{t('review.progress')}</dt>
          <dd>
            <Progress review={review} />
          </dd>
        </div>
        <div>
          <dt>{t('review.due')}</dt>
          <dd>
            <Due review={review} />
          </dd>
        </div>
        <div>
          <dt>{t('review.opened')}</dt>
          <dd>
            <DateOnly at={review.opened_at} /> {review.by ? `· ${review.by.name}` : ''}
          </dd>
        </div>
      </dl>
      {answer.error ? <ErrorNote error={answer.error} /> : null}
      <div className="filters">
        <CountFilter
          label={t('filter.state')}
          value={share}
          options={[
            { value: undefined, label: t('filter.all'), count: review.lines.length },
            ...shares.map((each) => ({
              value: each,
              label: t(`review_share.${each}`),
              count: linesOf(review.lines, each).length,
            })),
          ]}
          onChange={(next) => setParams({ share: next })}
        />
        {may ? <span className="muted findings-keys">{t('review.keys')}</span> : null}
      </div>
      {chosen.length > 0 ? (
        <div className="bulk">
          <span>{t('review.ticked', { count: chosen.length, number: number(chosen.length) })}</span>
          <AnswerButtons lines={chosen} onGive={give} />
        </div>
      ) : null}
      <DataTable
        label={t('review.lines')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        {...(may
          ? {
              selected: {
                keys: ticked,
                change: setTicked,
                label: (row: ReviewLine) => t('review.tick', { title: row.subject.title }),
              },
            }
          : {})}
        rowClass={(row) => (row.answer && !isUndone(row) ? 'review-answered' : undefined)}
        empty={<EmptyState why={t(review.lines.length === 0 ? 'review.no_lines' : 'review.none_such')} />}
      />
      {asked ? (
        <Reason
          asked={asked}
          busy={answer.isPending}
          error={answer.error}
          onGive={(reason) =>
            answer.mutate(answersOf(asked.lines, asked.answer, reason), {
              onSuccess: () => {
                setAsked(null);
                setTicked(new Set());
              },
            })
          }
          onClose={() => setAsked(null)}
        />
      ) : null}
    </>
  );
}

function AnswerButtons({
  lines,
  onGive,
}: {
  lines: ReviewLine[];
  onGive: (lines: ReviewLine[], answer: Answer) => void;
}) {
  const { t } = useLanguage();
  return (
    <span className="review-answers">
      {answers.map((each) => (
        <Button
          key={each}
          size="small"
          danger={each === 'remove'}
          aria-keyshortcuts={keyOfAnswer(each)}
          onClick={() => onGive(lines, each)}
        >
          {t(`review_answer.${each}`)}
          <span className="key" aria-hidden="true">
            {keyOfAnswer(each)}
          </span>
          {lines.length === 1 ? <span className="visually-hidden"> {lines[0]?.subject.title}</span> : null}
        </Button>
      ))}
    </span>
  );
}

function useColumns(may: boolean, give: (lines: ReviewLine[], answer: Answer) => void): Column<ReviewLine>[] {
  const { t, local } = useLanguage();
  return [
    {
      key: 'subject',
      title: t('review.subject'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <span>{row.subject.title}</span>
          <span className="muted">
            {t(`review_kind.${row.subject.kind}` as 'review_kind.account', {
              defaultValue: row.subject.kind,
            })}
          </span>
        </span>
      ),
    },
    {
      key: 'holder',
      title: t('review.holder'),
      render: (row) => (
        <span className="two-lines">
          <PersonLink person={row.holder} />
          {row.position ? <span className="muted">{row.position}</span> : null}
        </span>
      ),
    },
    {
      key: 'rights',
      title: t('review.rights'),
      render: (row) => (
        <ul>
          {row.rights.map((each) => (
            <li key={each.vi}>{local(each)}</li>
          ))}
        </ul>
      ),
    },
    {
      key: 'used',
      title: t('review.used'),
      width: 170,
      render: (row) => (
        <span className="two-lines">
          <Age at={row.last_used} />
          {row.flags.map((flag) => (
            <span key={flag} className="overdue">
              {t(`review_flag.${flag}` as 'review_flag.dormant', { defaultValue: flag })}
            </span>
          ))}
        </span>
      ),
    },
    {
      key: 'answer',
      title: t('review.answer'),
      width: 270,
      render: (row) => <AnswerCell line={row} may={may} give={give} />,
    },
  ];
}

function AnswerCell({
  line,
  may,
  give,
}: {
  line: ReviewLine;
  may: boolean;
  give: (lines: ReviewLine[], answer: Answer) => void;
}) {
  const { t, local } = useLanguage();
  return (
    <span className="two-lines">
      {line.answer ? (
        <>
          <span>
            <strong>{t(`review_answer.${line.answer}`)}</strong>
            {line.reason ? `: ${line.reason}` : ''}
          </span>
          <span className="muted">
            {line.by?.name} <DateOnly at={line.at} />
          </span>
          {isUndone(line) ? <span className="overdue">{t('review.not_done')}</span> : null}
        </>
      ) : null}
      {may && line.may_answer ? <AnswerButtons lines={[line]} onGive={give} /> : null}
      {may && !line.may_answer && line.why_not ? <span className="muted">{local(line.why_not)}</span> : null}
    </span>
  );
}

function Reason({
  asked,
  busy,
  error,
  onGive,
  onClose,
}: {
  asked: Asked;
  busy: boolean;
  error: unknown;
  onGive: (reason: string) => void;
  onClose: () => void;
}) {
  const { t, language } = useLanguage();
  return (
    <FormModal<{ reason: string }>
      title={`${t(`review_answer.${asked.answer}`)}: ${
        asked.lines.length === 1
          ? asked.lines[0]?.subject.title
          : t('review.lines_count', {
              count: asked.lines.length,
              number: formatNumber(asked.lines.length, language),
            })
      }`}
      ok={t(`review_answer.${asked.answer}`)}
      danger={asked.answer === 'remove'}
      will={t(asked.answer === 'remove' ? 'review.remove_will' : 'review.change_will')}
      error={error}
      busy={busy}
      onFinish={({ reason }) => onGive(reason)}
      onClose={onClose}
    >
      <Form.Item
        name="reason"
        label={t('persons.reason')}
        rules={[{ required: true, whitespace: true, message: t('persons.reason_needed') }]}
      >
        <Input.TextArea rows={2} maxLength={1000} autoFocus />
      </Form.Item>
    </FormModal>
  );
}
