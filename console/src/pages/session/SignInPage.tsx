import { Button, Form, Input } from 'antd';
import { useEffect } from 'react';
import { Navigate, useNavigate, useSearchParams } from 'react-router-dom';
import { useSignIn } from '~/api/changes';
import { useSession } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { ErrorNote } from '~/ui/Page';
import { safeNext } from './next';
import { SessionFrame } from './SessionFrame';

export default function SignInPage() {
  const { t } = useLanguage();
  const [search] = useSearchParams();
  const next = safeNext(search.get('next'));
  const navigate = useNavigate();
  const session = useSession();
  const signIn = useSignIn();
  useEffect(() => {
    document.title = `${t('session.sign_in')} · Lũy`;
  }, [t]);
  if (session.data && !signIn.isPending) {
    return <Navigate to={session.data.must_change_password ? '/password' : next} replace />;
  }
  return (
    <SessionFrame
      title={t('session.sign_in')}
      lead={search.get('next') ? t('session.ended') : t('session.lead')}
    >
      <Form
        layout="vertical"
        requiredMark={false}
        onFinish={(values: { username: string; password: string }) =>
          signIn.mutate(
            { username: values.username.trim(), password: values.password },
            {
              onSuccess: (started) =>
                navigate(started.must_change_password ? '/password' : next, { replace: true }),
            },
          )
        }
      >
        {signIn.error ? <ErrorNote error={signIn.error} /> : null}
        <Form.Item
          name="username"
          label={t('session.username')}
          rules={[{ required: true, message: t('session.username_needed') }]}
        >
          <Input
            autoComplete="username"
            autoFocus
            autoCapitalize="none"
            spellCheck={false}
            size="large"
            maxLength={100}
          />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('session.password')}
          rules={[{ required: true, message: t('session.password_needed') }]}
        >
          <Input.Password autoComplete="current-password" size="large" maxLength={1000} />
        </Form.Item>
        <Button type="primary" htmlType="submit" block size="large" loading={signIn.isPending}>
          {t('session.sign_in')}
        </Button>
      </Form>
      <p className="session-note">{t('session.shared_place')}</p>
    </SessionFrame>
  );
}
