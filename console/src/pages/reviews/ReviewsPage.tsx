// Reviews of access rights (article 7.3): what is open, how far it has come, opening one by hand.
import { Checkbox, DatePicker, Form } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useOpenReview, useReviews } from '~/api/control';
import type { Review } from '~/api/controlTypes';
import { useLanguage } from '~/i18n';
import { AgencyFilter, AgencySelect, useLivingAgencies } from '~/ui/AgencySelect';
import { CountFilter } from '~/ui/CountFilter';
import { type Column, DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { formatNumber, isoDate } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { DateOnly, Overdue, Remaining } from '~/ui/Time';
import { percent } from './answer';
import './reviews.css';

const reviewDays = 30;

export default function ReviewsPage() {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const [params, setParams] = useParamsState('agency', 'open');
  const open = params.open === 'false' || params.open === 'all' ? params.open : 'true';
  const query = useReviews({ agency: params.agency, open: open === 'all' ? undefined : open });
  const [opening, setOpening] = useState(false);
  const columns = useColumns();
  const rows = (query.data ?? []).filter((each) => !params.agency || each.agency.id === params.agency);
  return (
    <Page
      title={t('nav.reviews')}
      lead={t('review.lead')}
      extra={
        <MayButton action="access_review" type="primary" onClick={() => setOpening(true)}>
          {t('review.open')}
        </MayButton>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <div className="filters">
        <CountFilter
          label={t('filter.state')}
          value={open}
          options={[
            { value: 'true', label: t('review.running') },
            { value: 'false', label: t('review.closed') },
            { value: 'all', label: t('filter.all') },
          ]}
          onChange={(next) => setParams({ open: next === 'true' ? undefined : next })}
        />
        <AgencyFilter value={params.agency} onChange={(agency) => setParams({ agency })} />
      </div>
      <Loaded query={query} rows={5}>
        {() => (
          <DataTable
            label={t('nav.reviews')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            onOpen={(row) => navigate(`/reviews/${row.id}`)}
            empty={<EmptyState why={t(open === 'true' ? 'review.none_running' : 'review.none')} />}
          />
        )}
      </Loaded>
      {opening ? <OpenReview onClose={() => setOpening(false)} /> : null}
    </Page>
  );
}

function useColumns(): Column<Review>[] {
  const { t } = useLanguage();
  return [
    {
      key: 'number',
      title: t('review.number'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/reviews/${row.id}`}>{row.number}</Link>
          <span className="muted">
            {row.agency.name}
            {row.below ? ` · ${t('review.with_below')}` : ''}
          </span>
        </span>
      ),
    },
    {
      key: 'opened',
      title: t('review.opened'),
      width: 130,
      hideNarrow: true,
      render: (row) => <DateOnly at={row.opened_at} />,
    },
    { key: 'progress', title: t('review.progress'), render: (row) => <Progress review={row} /> },
    { key: 'due', title: t('review.due'), width: 190, render: (row) => <Due review={row} /> },
  ];
}

export function Due({ review }: { review: Review }) {
  const { t } = useLanguage();
  if (review.closed_at) {
    return (
      <>
        {t('review.closed')} <DateOnly at={review.closed_at} />
      </>
    );
  }
  if (review.overdue) return <Overdue since={review.due} />;
  return (
    <span className="two-lines">
      <DateOnly at={review.due} />
      <span className="muted">
        <Remaining at={review.due} />
      </span>
    </span>
  );
}

export function Progress({ review }: { review: Review }) {
  const { t, language } = useLanguage();
  const { counts } = review;
  const text = t('review.answered_of', {
    answered: formatNumber(counts.answered, language),
    lines: formatNumber(counts.lines, language),
  });
  return (
    <span className="review-progress">
      <progress max={100} value={percent(review)} aria-label={text} />
      <span>{text}</span>
      {counts.undone > 0 ? (
        <span className="overdue">
          {t('review.undone', { count: counts.undone, number: formatNumber(counts.undone, language) })}
        </span>
      ) : null}
    </span>
  );
}

interface Values {
  agency: string;
  below?: boolean;
  due: Dayjs;
}

function OpenReview({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const open = useOpenReview();
  const living = useLivingAgencies();
  const today = dayjs(isoDate(new Date()));
  return (
    <FormModal<Values>
      title={t('review.open')}
      ok={t('review.open')}
      will={t('review.open_will')}
      error={open.error}
      busy={open.isPending}
      initial={{
        ...(living[0] ? { agency: living[0].id } : {}),
        below: true,
        due: today.add(reviewDays, 'day'),
      }}
      onFinish={({ agency, below, due }) =>
        open.mutate(
          { agency, below: below ?? false, due: due.format('YYYY-MM-DD') },
          { onSuccess: (made) => navigate(`/reviews/${made.id}`) },
        )
      }
      onClose={onClose}
    >
      <Form.Item
        name="agency"
        label={t('filter.agency')}
        rules={[{ required: true, message: t('people.place_needed') }]}
      >
        <AgencySelect />
      </Form.Item>
      <Form.Item name="below" valuePropName="checked">
        <Checkbox>{t('review.below')}</Checkbox>
      </Form.Item>
      <Form.Item
        name="due"
        label={t('review.due')}
        rules={[{ required: true, message: t('device_account.day_needed') }]}
      >
        <DatePicker format="DD/MM/YYYY" allowClear={false} minDate={today} />
      </Form.Item>
    </FormModal>
  );
}
