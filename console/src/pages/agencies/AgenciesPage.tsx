// The tree of agencies, drawn by indentation; new ones are made under another.
import { Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useCreateAgency } from '~/api/changes';
import { useAgencies, useMay, useOverview } from '~/api/queries';
import type { Agency, NewAgency } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { EmptyState, ErrorNote, Loaded, Page } from '~/ui/Page';
import { StateCounts } from '~/ui/StateTag';
import { addCounts, noCounts } from '~/ui/state';
import { DateOnly } from '~/ui/Time';
import { type TreeRow, treeOf } from './tree';

export default function AgenciesPage() {
  const { t } = useLanguage();
  const query = useAgencies();
  const may = useMay('agency_manage');
  const [adding, setAdding] = useState(false);
  const columns = useColumns();
  return (
    <Page
      title={t('nav.agencies')}
      lead={t('agencies.lead')}
      extra={
        <Button
          type="primary"
          disabled={!may}
          title={may ? undefined : t('may.agency_manage')}
          onClick={() => setAdding(true)}
        >
          {t('agencies.add')}
        </Button>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={5}>
        {(agencies) => (
          <>
            <DataTable
              label={t('nav.agencies')}
              columns={columns}
              rows={treeOf(agencies)}
              rowKey={(row) => row.agency.id}
              empty={<EmptyState why={t('agencies.empty')} />}
            />
            {adding ? <AddAgency agencies={agencies} onClose={() => setAdding(false)} /> : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function useColumns(): Column<TreeRow>[] {
  const { t } = useLanguage();
  const overview = useOverview();
  const counts = (agency: string) =>
    (overview.data?.cells ?? [])
      .filter((cell) => cell.agency === agency)
      .reduce((sum, cell) => addCounts(sum, cell.counts), noCounts);
  return [
    {
      key: 'name',
      title: t('agencies.name'),
      primary: true,
      render: (row) => (
        <span style={{ paddingInlineStart: row.depth * 20 }}>
          <Link to={`/verdicts?agency=${row.agency.id}`}>{row.agency.name}</Link>
        </span>
      ),
    },
    { key: 'code', title: t('agencies.code'), render: (row) => <code>{row.agency.code}</code> },
    {
      key: 'counts',
      title: t('devices.verdicts'),
      render: (row) => <StateCounts counts={counts(row.agency.id)} />,
    },
    {
      key: 'from',
      title: t('agencies.valid_from'),
      width: 140,
      render: (row) => <DateOnly at={row.agency.valid_from} />,
    },
    {
      key: 'to',
      title: t('agencies.valid_to'),
      width: 160,
      render: (row) => (row.agency.valid_to ? <DateOnly at={row.agency.valid_to} /> : t('agencies.still')),
    },
  ];
}

function AddAgency({ agencies, onClose }: { agencies: Agency[]; onClose: () => void }) {
  const { t } = useLanguage();
  const create = useCreateAgency();
  const [form] = Form.useForm<NewAgency>();
  return (
    <Modal
      open
      title={t('agencies.add')}
      okText={t('action.create')}
      cancelText={t('action.cancel')}
      confirmLoading={create.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {create.error ? <ErrorNote error={create.error} /> : null}
      <Form<NewAgency>
        form={form}
        layout="vertical"
        initialValues={{ superior: agencies[0]?.id }}
        onFinish={(values) =>
          create.mutate(
            { ...values, code: values.code.trim(), name: values.name.normalize('NFC').trim() },
            { onSuccess: onClose },
          )
        }
      >
        <Form.Item
          name="name"
          label={t('agencies.name')}
          rules={[{ required: true, whitespace: true, message: t('agencies.name_needed') }]}
        >
          <Input maxLength={200} placeholder={t('agencies.name_placeholder')} />
        </Form.Item>
        <Form.Item
          name="code"
          label={t('agencies.code')}
          extra={t('agencies.code_help')}
          rules={[{ required: true, whitespace: true, message: t('agencies.code_needed') }]}
        >
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="superior" label={t('agencies.superior')} rules={[{ required: true }]}>
          <Select options={agencies.map((each) => ({ value: each.id, label: each.name }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
