import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { keepThemeChoice, readThemeChoice, type ThemeChoice } from '../../lib/theme';

const NEXT: Record<ThemeChoice, ThemeChoice> = { system: 'light', light: 'dark', dark: 'system' };
const ICONS = { system: Monitor, light: Sun, dark: Moon };
const NAMES = { system: 'as the system', light: 'light', dark: 'dark' };

/** Goes round system, light, dark. */
export function ThemeSwitch() {
  const [choice, setChoice] = useState(readThemeChoice);
  const Icon = ICONS[choice];
  return (
    <button
      type="button"
      aria-label={`Theme: ${NAMES[choice]}. Change to ${NAMES[NEXT[choice]]}.`}
      onClick={() => {
        keepThemeChoice(NEXT[choice]);
        setChoice(NEXT[choice]);
      }}
      className="grid size-10 place-items-center rounded-lg text-muted hover:bg-sunken hover:text-ink"
    >
      <Icon aria-hidden className="size-5" />
    </button>
  );
}
