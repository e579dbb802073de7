// Where the hub stopped reading a question, and why: the question as it was, the character marked.
import { Alert } from 'antd';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { cutAt, type Fault } from './search';

export function QuestionFault({ question, fault }: { question: string; fault: Fault }) {
  const { t, local, language } = useLanguage();
  const [before, letter, after] = cutAt(question, fault.at);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={t('logs.fault', { at: formatNumber(fault.at, language), why: local(fault.why) })}
      description={
        <>
          <pre className="question-fault">
            {before}
            <mark title={t('logs.fault_here')}>{letter.trim() || '\u00a0'}</mark>
            {after}
          </pre>
          <p>{t('logs.fault_next')}</p>
        </>
      }
    />
  );
}
