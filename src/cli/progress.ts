// Owns how far a long command says it is. Knows no stream but the one it is handed.

export interface Terminal {
  readonly isTTY: boolean;
  readonly write: (text: string) => void;
}

/** A bar on a terminal, one line per 5 % elsewhere. */
export function progressOn(terminal: Terminal): (what: string) => (done: number, total: number) => void {
  return (what) => {
    let said = -1;
    return (done, total) => {
      const share = total === 0 ? 100 : Math.floor((100 * done) / total);
      const step = terminal.isTTY ? share : share - (share % 5);
      if (step === said) return;
      said = step;
      if (terminal.isTTY)
        terminal.write(`\r${what} ${'█'.repeat(step / 4).padEnd(25, '░')} ${step}%${step === 100 ? '\n' : ''}`);
      else terminal.write(`${what} ${step}%\n`);
    };
  };
}
