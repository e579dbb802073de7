// Writing a rule of the town's own, or a newer version of one. What is wrong is told with its line before anything is saved.
import { Input } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useRule, useSaveRule } from '~/api/findings';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { template } from './template';
import './rules.css';

export default function NewRulePage() {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const [{ from }] = useParamsState('from');
  const save = useSaveRule();
  const [yaml, setYaml] = useState(() => (from ? '' : template(crypto.randomUUID())));
  return (
    <Page
      title={t(from ? 'rules.edit' : 'rules.new')}
      lead={t('rules.new_lead')}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/rules">{t('nav.rules')}</Link>
        </nav>
      }
      extra={
        <MayButton
          action="rule_manage"
          type="primary"
          loading={save.isPending}
          onClick={() =>
            save.mutate(yaml, {
              onSuccess: (saved) => navigate(`/rules/${encodeURIComponent(saved.id)}`),
            })
          }
        >
          {t('action.save')}
        </MayButton>
      }
    >
      {save.error ? <ErrorNote error={save.error} /> : null}
      {from ? <Start id={from} onRead={setYaml} /> : null}
      <Input.TextArea
        aria-label={t('rules.text')}
        className="rule-editor"
        rows={28}
        maxLength={65_536}
        spellCheck={false}
        value={yaml}
        onChange={(event) => setYaml(event.target.value)}
      />
    </Page>
  );
}

// Fills the editor once, with the text as it is now.
function Start({ id, onRead }: { id: string; onRead: (yaml: string) => void }) {
  const rule = useRule(id);
  const text = rule.data?.yaml;
  useEffect(() => {
    if (text !== undefined) onRead(text);
  }, [text, onRead]);
  return rule.error ? <ErrorNote error={rule.error} /> : null;
}
