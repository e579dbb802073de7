// An authenticator app, in three steps: the password again, the secret as a picture and as text, the first code. Then the
// recovery codes, told once.
import { Button, Form, Input, QRCode } from 'antd';
import { useState } from 'react';
import { useConfirmTotp, useOfferTotp } from '~/api/identity';
import { useLanguage } from '~/i18n';
import { Copy } from '~/ui/Copy';
import { ErrorNote } from '~/ui/Page';
import { PasswordStep } from './PasswordStep';
import { RecoveryCodes } from './RecoveryCodes';

const qrPixels = 176;

export function AddTotp({ onDone }: { onDone: () => void }) {
  const { t } = useLanguage();
  const offer = useOfferTotp();
  const confirm = useConfirmTotp();
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />;
  if (!offer.data) {
    return (
      <PasswordStep
        help={t('factor.totp_help')}
        button={t('factor.totp_begin')}
        error={offer.error}
        busy={offer.isPending}
        onPassword={(password) => offer.mutate(password)}
      />
    );
  }
  const { secret, uri } = offer.data;
  return (
    <Form<{ code: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={({ code }) =>
        confirm.mutate(code.replace(/\s/g, ''), { onSuccess: (made) => setCodes(made.recovery_codes) })
      }
    >
      {confirm.error ? <ErrorNote error={confirm.error} /> : null}
      <div className="qr">
        <div role="img" aria-label={t('factor.qr')}>
          <div aria-hidden="true">
            <QRCode type="svg" value={uri} size={qrPixels} color="#000000" bgColor="#ffffff" />
          </div>
        </div>
        <div>
          <p>{t('factor.scan')}</p>
          <p>
            {t('factor.secret')} <code>{secret}</code>
          </p>
          <Copy text={secret} />
        </div>
      </div>
      <Form.Item
        name="code"
        label={t('factor.code')}
        rules={[{ required: true, pattern: /^\s*(\d\s*){6}$/, message: t('factor.code_needed') }]}
      >
        <Input autoFocus inputMode="numeric" autoComplete="one-time-code" maxLength={9} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={confirm.isPending}>
        {t('factor.confirm')}
      </Button>
    </Form>
  );
}
