// The issued password is changed before anything else works: article 7.2.b, on ourselves.
import { Button, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { Link, Navigate, useNavigate } from 'react-router-dom';
import { useChangePassword, useSignOut } from '~/api/changes';
import { useSession } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { ErrorNote, Loading } from '~/ui/Page';
import { passwordRules } from './passwordRules';
import { SessionFrame } from './SessionFrame';

interface Values {
  current: string;
  new: string;
  again: string;
}

export default function PasswordPage() {
  const { t } = useLanguage();
  const session = useSession();
  const change = useChangePassword();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const [typed, setTyped] = useState<Partial<Values>>({});
  useEffect(() => {
    document.title = `${t('session.change_password')} · Lũy`;
  }, [t]);
  if (session.isPending) return <Loading rows={6} />;
  if (!session.data) return <Navigate to="/sign-in" replace />;
  const forced = session.data.must_change_password;
  const rules = passwordRules(typed.new ?? '', {
    username: session.data.username,
    current: typed.current ?? '',
  });
  const ready = rules.every((rule) => rule.met) && typed.again === typed.new && Boolean(typed.current);
  return (
    <SessionFrame
      title={t('session.change_password')}
      lead={forced ? t('session.forced') : t('session.change_lead')}
    >
      {forced ? (
        <blockquote className="session-law">
          <p>{t('session.law_quote')}</p>
          <cite>{t('session.law_source')}</cite>
        </blockquote>
      ) : null}
      <Form<Values>
        layout="vertical"
        requiredMark={false}
        onValuesChange={(_, values) => setTyped(values)}
        onFinish={(values) =>
          change.mutate(
            { current: values.current, new: values.new },
            { onSuccess: () => navigate('/', { replace: true }) },
          )
        }
      >
        {change.error ? <ErrorNote error={change.error} /> : null}
        <input type="text" autoComplete="username" value={session.data.username} readOnly hidden />
        <Form.Item name="current" label={t('session.current_password')}>
          <Input.Password autoComplete="current-password" autoFocus size="large" maxLength={1000} />
        </Form.Item>
        <Form.Item name="new" label={t('session.new_password')}>
          <Input.Password
            autoComplete="new-password"
            size="large"
            maxLength={1000}
            aria-describedby="password-rules"
          />
        </Form.Item>
        <ul className="password-rules" id="password-rules" aria-live="polite">
          {rules.map((rule) => (
            <li key={rule.key} className={rule.met ? 'met' : ''}>
              <span aria-hidden="true">{rule.met ? '✓' : '○'}</span>
              {t(`password.${rule.key}`)}
              <span className="visually-hidden">{rule.met ? t('password.met') : t('password.not_met')}</span>
            </li>
          ))}
        </ul>
        <Form.Item
          name="again"
          label={t('session.new_password_again')}
          validateStatus={typed.again && typed.again !== typed.new ? 'error' : undefined}
          help={typed.again && typed.again !== typed.new ? t('session.not_the_same') : undefined}
        >
          <Input.Password autoComplete="new-password" size="large" maxLength={1000} />
        </Form.Item>
        <Button
          type="primary"
          htmlType="submit"
          block
          size="large"
          disabled={!ready}
          loading={change.isPending}
        >
          {t('session.change_password')}
        </Button>
      </Form>
      <p className="session-note">
        {forced ? (
          <Button type="link" onClick={() => signOut.mutate()}>
            {t('session.sign_out')}
          </Button>
        ) : (
          <Link to="/">{t('page.to_home')}</Link>
        )}
      </p>
    </SessionFrame>
  );
}
