// Diagrams of an agency's network: the one in force, those of before, and putting a new one on file.
import { Button, DatePicker, Form, Input } from 'antd';
import type { Dayjs } from 'dayjs';
import { useEffect, useState } from 'react';
import { useAddNetworkPlan, useNetworkPlanFile, useNetworkPlans } from '~/api/agencies';
import { useMay } from '~/api/queries';
import type { NetworkPlan } from '~/api/types';
import { useLanguage } from '~/i18n';
import { FileButton } from '~/ui/FileButton';
import { FormModal } from '~/ui/FormModal';
import { base64Of, saveBlob } from '~/ui/files';
import { formatBytes, formatDate, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Loading, Section } from '~/ui/Page';
import { Time } from '~/ui/Time';
import { writtenOrNull } from '~/ui/text';
import { asPages, canShow, useAddress } from '../incidents/pdf';
import { planBytesMax, planRefusal } from './networkPlan';

export function NetworkPlans({ agency, day }: { agency: string; day: string | undefined }) {
  const { t } = useLanguage();
  const may = useMay('system_read');
  const query = useNetworkPlans(agency, day);
  const [adding, setAdding] = useState(false);
  if (!may) return null;
  return (
    <Section
      title={t('network_plan.title')}
      extra={
        day ? null : (
          <MayButton action="system_manage" onClick={() => setAdding(true)}>
            {t('network_plan.add')}
          </MayButton>
        )
      }
    >
      <Loaded query={query} rows={2}>
        {(plans) =>
          plans.length === 0 ? (
            <EmptyState why={t(day ? 'network_plan.none_then' : 'network_plan.none')} />
          ) : (
            <ul className="worklist">
              {plans.map((plan, index) => (
                <Line
                  key={plan.version}
                  agency={agency}
                  plan={plan}
                  force={index === 0 ? (day ? 'in_force_then' : 'in_force') : null}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      {adding ? <AddPlan agency={agency} onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}

function Line({
  agency,
  plan,
  force,
}: {
  agency: string;
  plan: NetworkPlan;
  force: 'in_force' | 'in_force_then' | null;
}) {
  const { t, language } = useLanguage();
  const [shown, setShown] = useState(false);
  const [saving, setSaving] = useState(false);
  const file = useNetworkPlanFile(agency, shown || saving ? plan.version : null);
  const number = formatNumber(plan.version, language);
  const save = async () => {
    setSaving(true);
    const got = file.data ?? (await file.refetch()).data;
    if (got) saveBlob(plan.name, new Blob([got], { type: plan.type }));
    setSaving(false);
  };
  return (
    <li data-plan={plan.version}>
      <div className="worklist-line">
        <div>
          <span className="worklist-title">
            {t('network_plan.version', { number })}: {plan.name}{' '}
            {force ? <strong className="plan-force">({t(`network_plan.${force}`)})</strong> : null}
          </span>
          <span className="worklist-meta">
            <Time at={plan.at} />
            {plan.by ? <span>{plan.by.name}</span> : null}
            {plan.drawn_on ? (
              <span>{t('network_plan.drawn', { day: formatDate(plan.drawn_on) })}</span>
            ) : null}
            <span>{formatBytes(plan.size, language)}</span>
          </span>
          {plan.note ? <span className="worklist-why">{plan.note}</span> : null}
          <code className="evidence-hash">{plan.sha256}</code>
        </div>
        <div className="worklist-actions">
          <Button size="small" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {t(shown ? 'network_plan.hide' : 'network_plan.look')}
            <span className="visually-hidden"> {t('network_plan.version', { number })}</span>
          </Button>
          <Button size="small" loading={saving} onClick={() => void save()}>
            {t('network_plan.save')}
            <span className="visually-hidden"> {t('network_plan.version', { number })}</span>
          </Button>
        </div>
      </div>
      {file.error ? <ErrorNote error={file.error} onRetry={() => void file.refetch()} /> : null}
      {shown && !file.error ? (
        file.data ? (
          <Look plan={plan} bytes={file.data} title={t('network_plan.of', { number })} />
        ) : (
          <Loading rows={6} />
        )
      ) : null}
    </li>
  );
}

function Look({ plan, bytes, title }: { plan: NetworkPlan; bytes: Blob; title: string }) {
  const { t } = useLanguage();
  const isPdf = plan.type === 'application/pdf';
  // The hub has looked: what it calls a PDF or a picture is one, and nothing else is ever shown.
  const [typed] = useState(() => (isPdf ? new Blob([bytes], { type: plan.type }) : undefined));
  const url = useAddress(typed);
  const [picture, setPicture] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    if (!isPdf) {
      void base64Of(bytes).then((text) => current && setPicture(`data:image/png;base64,${text}`));
    }
    return () => {
      current = false;
    };
  }, [bytes, isPdf]);
  if (isPdf && !canShow()) return <p className="muted">{t('network_plan.cannot_show')}</p>;
  if (isPdf && url) return <iframe className="plan-look plan-pages" src={url + asPages} title={title} />;
  return picture ? <img className="plan-look" src={picture} alt={title} /> : <Loading rows={6} />;
}

interface Values {
  drawn?: Dayjs | null;
  note?: string;
}

function AddPlan({ agency, onClose }: { agency: string; onClose: () => void }) {
  const { t, language } = useLanguage();
  const add = useAddNetworkPlan(agency);
  const [file, setFile] = useState<File | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const take = (given: File) => {
    const why = planRefusal(given);
    setFile(why ? null : given);
    setProblem(
      why
        ? t(`network_plan.file_${why}`, { name: given.name, size: formatBytes(planBytesMax, language) })
        : null,
    );
  };
  const finish = async (values: Values) => {
    if (!file) {
      setProblem(problem ?? t('network_plan.need_file'));
      return;
    }
    const body = {
      name: file.name.normalize('NFC'),
      content: await base64Of(file),
      note: writtenOrNull(values.note),
      drawn_on: values.drawn?.format('YYYY-MM-DD') ?? null,
    };
    add.mutate(body, { onSuccess: onClose });
  };
  return (
    <FormModal<Values>
      title={t('network_plan.add')}
      ok={t('network_plan.add')}
      will={t('network_plan.add_will')}
      error={add.error}
      busy={add.isPending}
      onFinish={(values) => void finish(values)}
      onClose={onClose}
    >
      <FileButton
        label={t('network_plan.file')}
        face={t('action.choose_file')}
        accept=".pdf,.png"
        chosen={file?.name}
        problem={problem}
        onFile={take}
      />
      <Form.Item name="drawn" label={t('network_plan.drawn_on')}>
        <DatePicker format="DD/MM/YYYY" />
      </Form.Item>
      <Form.Item name="note" label={t('network_plan.note')}>
        <Input maxLength={500} placeholder={t('network_plan.note_placeholder')} />
      </Form.Item>
    </FormModal>
  );
}
