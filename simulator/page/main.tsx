// Owns starting the page.
import '@fontsource/noto-sans-sc/400.css';
import './style/base.css';
import './style/shell.css';
import './style/list.css';
import './style/chat.css';
import './style/composer.css';
import './style/card.css';
import './style/table.css';
import './style/button.css';
import './style/field.css';
import './style/over.css';
import './style/drill.css';
import './style/flow.css';
import { render } from 'preact';
import { App } from './App.tsx';

const root = document.getElementById('app');
if (root) render(<App />, root);
