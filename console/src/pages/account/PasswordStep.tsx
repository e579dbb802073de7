// Changing what lets one in asks for the password again: a stolen session alone shall not be able to.
import { Button, Form, Input } from 'antd';
import type { ReactNode } from 'react';
import { useSession } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { ErrorNote } from '~/ui/Page';

export function PasswordStep({
  help,
  button,
  error,
  busy,
  danger = false,
  onPassword,
  children,
}: {
  help: ReactNode;
  button: string;
  error: unknown;
  busy: boolean;
  danger?: boolean;
  onPassword: (password: string) => void;
  children?: ReactNode;
}) {
  const { t } = useLanguage();
  const session = useSession();
  return (
    <Form<{ password: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={({ password }) => onPassword(password)}
    >
      {error ? <ErrorNote error={error} /> : null}
      <p className="muted">{help}</p>
      <input type="text" autoComplete="username" value={session.data?.username ?? ''} readOnly hidden />
      {children}
      <Form.Item
        name="password"
        label={t('session.current_password')}
        rules={[{ required: true, message: t('session.password_needed') }]}
      >
        <Input.Password autoComplete="current-password" maxLength={256} />
      </Form.Item>
      <Button type="primary" danger={danger} htmlType="submit" loading={busy}>
        {button}
      </Button>
    </Form>
  );
}
