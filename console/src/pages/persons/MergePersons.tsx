// Two records of one person become one; the accounts of both are then one person's, so it takes two to do it.
import { Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { useMergePersons } from '~/api/persons';
import type { Person } from '~/api/personTypes';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { PersonSelect } from '~/ui/PersonSelect';
import { written } from '~/ui/text';
import { proposeKeep } from './person';

interface Values {
  a: string;
  b: string;
  keep: string;
  reason: string;
}

export function MergePersons({ first, onClose }: { first: Person | null; onClose: () => void }) {
  const { t } = useLanguage();
  const merge = useMergePersons();
  const [form] = Form.useForm<Values>();
  const [pair, setPair] = useState<{ a: Person | null; b: Person | null }>({ a: first, b: null });
  const choose = (which: 'a' | 'b') => (_: string | undefined, person?: Person) => {
    const next = { ...pair, [which]: person ?? null };
    setPair(next);
    form.setFieldValue(which, person?.id);
    form.setFieldValue('keep', next.a && next.b ? proposeKeep(next.a, next.b).keep.id : undefined);
  };
  const both = [pair.a, pair.b].filter((each): each is Person => each !== null);
  const needed = [{ required: true, message: t('persons.choose_needed') }];
  return (
    <FormModal<Values>
      title={t('persons.merge')}
      ok={t('persons.merge')}
      will={t('persons.merge_will')}
      error={merge.error}
      busy={merge.isPending}
      proposed={merge.data}
      done={t('persons.merged')}
      form={form}
      initial={first ? { a: first.id } : {}}
      onFinish={({ keep, reason }) => {
        const gone = both.find((each) => each.id !== keep);
        if (gone) merge.mutate({ keep, gone: gone.id, reason: written(reason) });
      }}
      onClose={onClose}
    >
      <Form.Item name="a" label={t('persons.merge_a')} rules={needed}>
        <PersonSelect known={first} without={pair.b?.id} onChange={choose('a')} />
      </Form.Item>
      <Form.Item name="b" label={t('persons.merge_b')} rules={needed}>
        <PersonSelect without={pair.a?.id} onChange={choose('b')} />
      </Form.Item>
      {both.length === 2 ? (
        <Form.Item
          name="keep"
          label={t('persons.merge_keep')}
          extra={t('persons.merge_keep_help')}
          rules={needed}
        >
          <Radio.Group
            options={both.map((each) => ({
              value: each.id,
              label: [
                each.name,
                each.position,
                each.agency.name,
                each.accounts.map((one) => one.username).join(', '),
              ]
                .filter(Boolean)
                .join(' – '),
            }))}
          />
        </Form.Item>
      ) : null}
      <Form.Item
        name="reason"
        label={t('persons.reason')}
        rules={[{ required: true, whitespace: true, message: t('persons.reason_needed') }]}
      >
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </FormModal>
  );
}
