// Adding and removing witnesses and the hubs that are witnessed; where time-stamps come from.
import { Form, Input } from 'antd';
import type { NewWitness, Witness, WitnessOrigin } from '~/api/custodyTypes';
import {
  useAddOrigin,
  useAddWitness,
  useRemoveOrigin,
  useRemoveWitness,
  useSetTimeStamp,
} from '~/api/witness';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { written, writtenOrNull } from '~/ui/text';
import { isKey, keyKind, networksOf } from './witness';

type WitnessValues = Pick<NewWitness, 'name' | 'url' | 'vkey'> & { networks?: string; ca_file?: string };

// A key of the wrong kind is the likeliest mistake: the two that a hub shows look alike.
function useKeyRule(kind: 'witness' | 'log') {
  const { t } = useLanguage();
  return {
    validator: (_: unknown, value: string | undefined) => {
      const text = written(value);
      if (text === '') return Promise.reject(new Error(t('incident.needed')));
      if (!isKey(text)) return Promise.reject(new Error(t('witness.key_wrong')));
      return keyKind(text) === kind
        ? Promise.resolve()
        : Promise.reject(new Error(t(kind === 'witness' ? 'witness.key_is_log' : 'witness.key_is_witness')));
    },
  };
}

export function AddWitness({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage();
  const add = useAddWitness();
  const keyRule = useKeyRule('witness');
  return (
    <FormModal<WitnessValues>
      title={t('witness.add')}
      ok={t('witness.add')}
      will={t('witness.add_will')}
      error={add.error}
      busy={add.isPending}
      onFinish={(values) =>
        add.mutate(
          {
            name: written(values.name),
            url: written(values.url),
            vkey: written(values.vkey),
            networks: networksOf(values.networks),
            ca_file: writtenOrNull(values.ca_file),
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
      width={680}
    >
      <Form.Item
        name="name"
        label={t('witness.name')}
        extra={t('witness.name_help')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item
        name="url"
        label={t('witness.prefix')}
        extra={t('witness.url_help')}
        rules={[{ required: true, pattern: /^https:\/\/\S+$/, message: t('witness.url_wrong') }]}
      >
        <Input maxLength={1000} />
      </Form.Item>
      <Form.Item
        name="vkey"
        label={t('witness.their_key')}
        extra={t('witness.their_key_help')}
        rules={[keyRule]}
      >
        <Input.TextArea
          className="code-input"
          autoSize={{ minRows: 2, maxRows: 4 }}
          maxLength={400}
          spellCheck={false}
        />
      </Form.Item>
      <div className="form-line">
        <Form.Item name="networks" label={t('witness.networks')} extra={t('witness.networks_help')}>
          <Input maxLength={400} placeholder="10.56.0.0/16" />
        </Form.Item>
        <Form.Item name="ca_file" label={t('witness.ca_file')} extra={t('witness.ca_help')}>
          <Input maxLength={64} placeholder="ca-tinh.crt" />
        </Form.Item>
      </div>
    </FormModal>
  );
}

export function AddOrigin({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage();
  const add = useAddOrigin();
  const keyRule = useKeyRule('log');
  return (
    <FormModal<{ name: string; vkey: string }>
      title={t('witness.add_origin')}
      ok={t('witness.add_origin')}
      will={t('witness.add_origin_will')}
      error={add.error}
      busy={add.isPending}
      onFinish={(values) =>
        add.mutate({ name: written(values.name), vkey: written(values.vkey) }, { onSuccess: onClose })
      }
      onClose={onClose}
      width={640}
    >
      <Form.Item
        name="name"
        label={t('witness.hub')}
        extra={t('witness.hub_help')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="vkey" label={t('witness.log_key')} extra={t('witness.log_key_help')} rules={[keyRule]}>
        <Input.TextArea
          className="code-input"
          autoSize={{ minRows: 2, maxRows: 4 }}
          maxLength={400}
          spellCheck={false}
        />
      </Form.Item>
    </FormModal>
  );
}

export function RemoveWitness({
  witness,
  last,
  onClose,
}: {
  witness: Witness;
  last: boolean;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const remove = useRemoveWitness();
  return (
    <FormModal<object>
      title={t('witness.remove_title', { name: witness.name })}
      ok={t('witness.remove')}
      danger
      will={
        <>
          <p>{t('witness.remove_will')}</p>
          {last ? (
            <p>
              <strong>{t('witness.remove_last')}</strong>
            </p>
          ) : null}
        </>
      }
      error={remove.error}
      busy={remove.isPending}
      onFinish={() => remove.mutate(witness.id, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

export function RemoveOrigin({ origin, onClose }: { origin: WitnessOrigin; onClose: () => void }) {
  const { t } = useLanguage();
  const remove = useRemoveOrigin();
  return (
    <FormModal<object>
      title={t('witness.remove_title', { name: origin.name })}
      ok={t('witness.remove')}
      danger
      will={t('witness.remove_origin_will')}
      error={remove.error}
      busy={remove.isPending}
      onFinish={() => remove.mutate(origin.id, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

export function TimeStampForm({ url, onClose }: { url: string | null; onClose: () => void }) {
  const { t } = useLanguage();
  const set = useSetTimeStamp();
  return (
    <FormModal<{ url?: string }>
      title={t('witness.stamp_set')}
      ok={t('action.save')}
      will={t('witness.stamp_will')}
      initial={{ url: url ?? '' }}
      error={set.error}
      busy={set.isPending}
      onFinish={(values) => set.mutate(writtenOrNull(values.url), { onSuccess: onClose })}
      onClose={onClose}
    >
      <Form.Item
        name="url"
        label={t('witness.stamp_from')}
        extra={t('witness.stamp_help')}
        rules={[{ pattern: /^\s*(https?:\/\/\S+)?\s*$/, message: t('witness.stamp_wrong') }]}
      >
        <Input maxLength={1000} />
      </Form.Item>
    </FormModal>
  );
}
