// Entering a device for state secrets, correcting its numbers, asking for a move, handing it over, signing, checking.
import { DatePicker, Form, Input, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import type { NewSecretDevice } from '~/api/generated';
import {
  type SecretDetail,
  type SecretDevice,
  type SecretMove,
  secretPurposes,
  useAddSecret,
  useAskMove,
  useChangeSecret,
  useEnterReport,
  useFinishMove,
  useSignMove,
} from '~/api/secrets';
import { useLanguage } from '~/i18n';
import { AgencySelect } from '~/ui/AgencySelect';
import { FormModal } from '~/ui/FormModal';
import { isoDate } from '~/ui/format';
import { MomentPicker } from '~/ui/MomentPicker';
import { asPrinted, reportLines, wrongLines } from './secret';

const clean = (text: string | undefined) => (text ?? '').normalize('NFC').trim();
const useNeeded = () => {
  const { t } = useLanguage();
  return [{ required: true, message: t('incident.needed') }];
};

export function SecretForm({
  device,
  onClose,
}: {
  device: SecretDevice | null;
  onClose: (made?: SecretDetail) => void;
}) {
  const { t } = useLanguage();
  const add = useAddSecret();
  const change = useChangeSecret(device?.id ?? '');
  const needed = useNeeded();
  const then = { onSuccess: (made: SecretDetail) => onClose(made) };
  return (
    <FormModal<NewSecretDevice>
      title={device ? t('secret.edit_title', { label: device.label }) : t('secret.add')}
      ok={t('action.save')}
      will={t('secret.no_content')}
      error={add.error ?? change.error}
      busy={add.isPending || change.isPending}
      initial={device ?? { purpose: 'drafting', macs: [] }}
      onFinish={(values) => {
        const numbers = {
          serial: clean(values.serial),
          macs: (values.macs ?? []).map(clean),
          purpose: values.purpose,
        };
        if (device) change.mutate({ ...numbers, version: device.version }, then);
        else
          add.mutate(
            {
              ...numbers,
              agency: values.agency,
              label: clean(values.label),
              room: clean(values.room),
              holder: clean(values.holder),
            },
            then,
          );
      }}
      onClose={() => onClose()}
    >
      {device ? null : (
        <>
          <div className="form-line">
            <Form.Item name="agency" label={t('equipment.agency')} rules={needed}>
              <AgencySelect />
            </Form.Item>
            <Form.Item name="label" label={t('secret.label')} extra={t('secret.label_help')} rules={needed}>
              <Input maxLength={20} />
            </Form.Item>
          </div>
          <div className="form-line">
            <Form.Item name="room" label={t('secret.room')} rules={needed}>
              <Input maxLength={100} />
            </Form.Item>
            <Form.Item name="holder" label={t('secret.holder')} rules={needed}>
              <Input maxLength={100} />
            </Form.Item>
          </div>
        </>
      )}
      <div className="form-line">
        <Form.Item name="purpose" label={t('secret.purpose')} rules={needed}>
          <Select
            options={secretPurposes.map((each) => ({ value: each, label: t(`secret_purpose.${each}`) }))}
          />
        </Form.Item>
        <Form.Item name="serial" label={t('secret.serial')}>
          <Input maxLength={100} />
        </Form.Item>
      </div>
      <Form.Item name="macs" label={t('secret.macs')} extra={t('secret.macs_help')}>
        <Select mode="tags" open={false} tokenSeparators={[' ', ',', ';']} />
      </Form.Item>
    </FormModal>
  );
}

export function AskMove({ device, onClose }: { device: SecretDevice; onClose: () => void }) {
  const { t } = useLanguage();
  const ask = useAskMove(device.id);
  const needed = useNeeded();
  return (
    <FormModal<{ to_room: string; to_holder: string; planned_on: Dayjs; reason: string }>
      title={t('secret.ask_title', { label: device.label })}
      ok={t('secret.ask')}
      will={t('secret.ask_will')}
      error={ask.error}
      busy={ask.isPending}
      initial={{ to_room: device.room, to_holder: device.holder, planned_on: dayjs(isoDate(new Date())) }}
      onFinish={(values) =>
        ask.mutate(
          {
            to_room: clean(values.to_room),
            to_holder: clean(values.to_holder),
            planned_on: values.planned_on.format('YYYY-MM-DD'),
            reason: clean(values.reason),
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <div className="form-line">
        <Form.Item name="to_room" label={t('secret.to_room')} rules={needed}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="to_holder" label={t('secret.to_holder')} rules={needed}>
          <Input maxLength={100} />
        </Form.Item>
      </div>
      <Form.Item name="planned_on" label={t('secret.planned')} rules={needed}>
        <DatePicker format="DD/MM/YYYY" allowClear={false} />
      </Form.Item>
      <Form.Item name="reason" label={t('secret.why_move')} rules={needed}>
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
    </FormModal>
  );
}

export function FinishMove({ move, onClose }: { move: SecretMove; onClose: () => void }) {
  const { t } = useLanguage();
  const finish = useFinishMove(move.id);
  const needed = useNeeded();
  return (
    <FormModal<{ seal: string; witness: string; moved_at: string }>
      title={t('secret.finish_title')}
      ok={t('secret.finish')}
      will={t('secret.finish_will', { room: move.to_room, holder: move.to_holder })}
      error={finish.error}
      busy={finish.isPending}
      initial={{ moved_at: new Date().toISOString() }}
      onFinish={(values) =>
        finish.mutate(
          { seal: clean(values.seal), witness: clean(values.witness), moved_at: values.moved_at },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <div className="form-line">
        <Form.Item name="seal" label={t('secret.seal')} rules={needed}>
          <Input maxLength={50} />
        </Form.Item>
        <Form.Item name="witness" label={t('secret.witness')} rules={needed}>
          <Input maxLength={100} />
        </Form.Item>
      </div>
      <Form.Item name="moved_at" label={t('secret.moved_at')} rules={needed}>
        <MomentPicker allowClear={false} />
      </Form.Item>
    </FormModal>
  );
}

export function SignMove({ move, onClose }: { move: SecretMove; onClose: () => void }) {
  const { t } = useLanguage();
  const sign = useSignMove(move.id);
  const needed = useNeeded();
  return (
    <FormModal<{ signed_on: Dayjs }>
      title={t('secret.sign_title')}
      ok={t('secret.sign')}
      will={t('secret.sign_will')}
      error={sign.error}
      busy={sign.isPending}
      initial={{ signed_on: dayjs(isoDate(new Date())) }}
      onFinish={({ signed_on }) => sign.mutate(signed_on.format('YYYY-MM-DD'), { onSuccess: onClose })}
      onClose={onClose}
    >
      <Form.Item name="signed_on" label={t('secret.signed_on')} rules={needed}>
        <DatePicker format="DD/MM/YYYY" allowClear={false} />
      </Form.Item>
    </FormModal>
  );
}

export function EnterReport({ device, onClose }: { device: SecretDevice; onClose: () => void }) {
  const { t } = useLanguage();
  const enter = useEnterReport(device.id);
  const needed = useNeeded();
  const [form] = Form.useForm<{ report: string; room: string }>();
  const typed = Form.useWatch('report', form) ?? '';
  const wrong = wrongLines(typed);
  const lines = asPrinted(typed)
    .split('\n')
    .filter((line) => line.length === 7).length;
  return (
    <FormModal<{ report: string; room: string }>
      form={form}
      title={t('secret.report_title', { label: device.label })}
      ok={t('secret.report')}
      will={t('secret.report_will')}
      error={enter.error}
      busy={enter.isPending}
      disabled={wrong.length > 0 || lines !== reportLines}
      initial={{ report: '', room: device.room }}
      onFinish={(values) =>
        enter.mutate({ report: asPrinted(values.report), room: clean(values.room) }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      <Form.Item
        name="report"
        label={t('secret.report_lines')}
        normalize={(value: string) => asPrinted(value)}
        extra={
          wrong.length > 0 ? (
            <span className="overdue" role="alert">
              {t('secret.report_wrong', { lines: wrong.join(', ') })}
            </span>
          ) : (
            t('secret.report_help', { lines: String(lines), all: String(reportLines) })
          )
        }
        rules={needed}
      >
        <Input.TextArea rows={6} className="secret-report" autoComplete="off" spellCheck={false} />
      </Form.Item>
      <Form.Item name="room" label={t('secret.found_in')} rules={needed}>
        <Input maxLength={100} />
      </Form.Item>
    </FormModal>
  );
}
