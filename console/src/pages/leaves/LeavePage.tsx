// One case: everything that has to end, what the hub sees of each thing now, and who saw to it.
import { Button } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { type Leave, type LeaveItem, useLeave } from '~/api/leaves';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { PersonLink } from '~/ui/PersonLink';
import { SealLink } from '~/ui/Seal';
import { Age, Time } from '~/ui/Time';
import { AddItem, CloseLeave, type ItemAsked, ItemDialog, WithdrawLeave } from './LeaveDialogs';
import { Deadline } from './LeavesPage';
import { groupsOf, itemActs, mayClose, mayWithdraw, stillAlive } from './leave';
import './leaves.css';

export default function LeavePage() {
  const { t, language } = useLanguage();
  const { leave: id = '' } = useParams();
  const navigate = useNavigate();
  const query = useLeave(id);
  const leave = query.data;
  const [doing, setDoing] = useState<'add' | 'close' | 'withdraw' | null>(null);
  const [asked, setAsked] = useState<ItemAsked | null>(null);
  return (
    <Page
      title={leave?.person.name ?? t('nav.leaves')}
      lead={leave ? `${t(`leave_kind.${leave.kind}`)} · ${leave.number}` : undefined}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/leaves">{t('nav.leaves')}</Link>
        </nav>
      }
      extra={
        leave && leave.state !== 'closed' ? (
          <>
            {mayWithdraw(leave) ? (
              <MayButton action="leave_manage" onClick={() => setDoing('withdraw')}>
                {t('leave.withdraw')}
              </MayButton>
            ) : null}
            <MayButton action="leave_manage" onClick={() => setDoing('add')}>
              {t('leave.add_item')}
            </MayButton>
            <MayButton
              action="leave_manage"
              type="primary"
              whyNot={
                mayClose(leave)
                  ? null
                  : leave.state === 'planned'
                    ? t('leave.close_not_begun')
                    : t('leave.close_not_yet', {
                        count: leave.open_items,
                        number: formatNumber(leave.open_items, language),
                      })
              }
              onClick={() => setDoing('close')}
            >
              {t('leave.close')}
            </MayButton>
          </>
        ) : null
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={8}>
        {(found) => (
          <>
            <Facts leave={found} />
            {found.items.length === 0 ? <EmptyState why={t('leave.no_items')} /> : null}
            {groupsOf(found.items).map((group) => (
              <Section
                key={group.kind}
                title={t(`leave_item.${group.kind}` as 'leave_item.device', { defaultValue: group.kind })}
              >
                <ul className="worklist">
                  {group.items.map((item) => (
                    <Item
                      key={item.id ?? item.title.vi}
                      leave={found}
                      item={item}
                      onAsk={(act) => setAsked({ item, act })}
                    />
                  ))}
                </ul>
              </Section>
            ))}
          </>
        )}
      </Loaded>
      {leave && asked ? <ItemDialog leave={leave} asked={asked} onClose={() => setAsked(null)} /> : null}
      {leave && doing === 'add' ? <AddItem leave={leave} onClose={() => setDoing(null)} /> : null}
      {leave && doing === 'close' ? <CloseLeave leave={leave} onClose={() => setDoing(null)} /> : null}
      {leave && doing === 'withdraw' ? (
        <WithdrawLeave
          leave={leave}
          onClose={(done) => {
            setDoing(null);
            if (done) navigate('/leaves');
          }}
        />
      ) : null}
    </Page>
  );
}

function Facts({ leave }: { leave: Leave }) {
  const { t, language } = useLanguage();
  return (
    <dl className="facts facts-row">
      <div>
        <dt>{t('leave.who')}</dt>
        <dd>
          <PersonLink person={leave.person} />
        </dd>
      </div>
      <div>
        <dt>{t('people.works_at')}</dt>
        <dd>{leave.to ? `${leave.agency.name} → ${leave.to.name}` : leave.agency.name}</dd>
      </div>
      <div>
        <dt>{t('leave.last_day')}</dt>
        <dd>
          <Deadline leave={leave} />
        </dd>
      </div>
      <div>
        <dt>{t('people.state')}</dt>
        <dd>
          {t(`leave_state.${leave.state}`)}
          {leave.closed_at ? (
            <>
              {' '}
              <Time at={leave.closed_at} />
            </>
          ) : null}
        </dd>
      </div>
      <div>
        <dt>{t('leave.left')}</dt>
        <dd>{formatNumber(leave.open_items, language)}</dd>
      </div>
      <div>
        <dt>{t('leave.access_ended')}</dt>
        <dd>{leave.ended_at ? <Time at={leave.ended_at} /> : t('leave.access_on_last_day')}</dd>
      </div>
      <div>
        <dt>{t('leave.basis')}</dt>
        <dd>{leave.reason || '–'}</dd>
      </div>
      <div>
        <dt>{t('leave.opened_by')}</dt>
        <dd>
          {leave.opened_by.name} · <Time at={leave.opened_at} />
        </dd>
      </div>
      {leave.seq === null ? null : (
        <div>
          <dt>{t('trail.proof')}</dt>
          <dd>
            <SealLink seq={leave.seq} />
          </dd>
        </div>
      )}
    </dl>
  );
}

function Item({
  leave,
  item,
  onAsk,
}: {
  leave: Leave;
  item: LeaveItem;
  onAsk: (act: ItemAsked['act']) => void;
}) {
  const { t, local } = useLanguage();
  const acts = itemActs(leave, item);
  return (
    <li className="worklist-line">
      <div>
        <span className={item.state === 'open' ? 'worklist-title' : 'worklist-title leave-over'}>
          {local(item.title)}
        </span>
        <span className="worklist-meta">
          <span className={item.state === 'open' ? 'overdue' : undefined}>
            {t(`leave_item_state.${item.state}`)}
          </span>
          {item.system ? <span>{item.system}</span> : null}
          {item.owner ? <span>{t('leave.owner', { name: item.owner.name })}</span> : null}
          {item.done_at ? (
            <span>
              {item.done_by ? item.done_by.name : t('leave.by_hub')} · <Time at={item.done_at} />
            </span>
          ) : null}
          {item.how ? <span>{item.how}</span> : null}
        </span>
        {stillAlive(item) ? (
          <span className="worklist-why">
            {t('leave.still_alive')} <Age at={item.seen_at} />{' '}
            {item.seq === null ? null : <SealLink seq={item.seq} />}
          </span>
        ) : item.seq === null ? null : (
          <span className="worklist-why">
            <SealLink seq={item.seq} />
          </span>
        )}
      </div>
      <span className="leave-acts">
        {acts.map((act) =>
          act === 'waive' ? (
            <Button key={act} size="small" onClick={() => onAsk(act)}>
              {t('leave_act.waive')}
            </Button>
          ) : (
            <MayButton
              key={act}
              action="leave_manage"
              size="small"
              whyNot={act === 'done' && stillAlive(item) ? t('leave.alive_why') : null}
              onClick={() => onAsk(act)}
            >
              {t(`leave_act.${act}`)}
              <span className="visually-hidden"> {local(item.title)}</span>
            </MayButton>
          ),
        )}
      </span>
    </li>
  );
}
