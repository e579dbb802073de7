import { Form, Input } from 'antd';
import { useState } from 'react';
import { useAddPasskey } from '~/api/identity';
import { makePasskey, PasskeyDropped } from '~/api/passkey';
import { useLanguage } from '~/i18n';
import { PasswordStep } from './PasswordStep';

export function AddPasskey({ onDone }: { onDone: () => void }) {
  const { t } = useLanguage();
  const add = useAddPasskey();
  const [name, setName] = useState('');
  return (
    <PasswordStep
      help={t('factor.passkey_help')}
      button={t('factor.passkey_begin')}
      error={add.error instanceof PasskeyDropped ? null : add.error}
      busy={add.isPending}
      onPassword={(password) =>
        add.mutate(
          { password, name: name.normalize('NFC').trim() || t('factor.passkey_unnamed'), make: makePasskey },
          { onSuccess: onDone },
        )
      }
    >
      <Form.Item label={t('factor.passkey_name')} htmlFor="passkey-name">
        <Input
          id="passkey-name"
          value={name}
          placeholder={t('factor.passkey_placeholder')}
          maxLength={100}
          onChange={(event) => setName(event.target.value)}
        />
      </Form.Item>
    </PasswordStep>
  );
}
