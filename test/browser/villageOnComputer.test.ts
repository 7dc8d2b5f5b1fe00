// A village's whole work with a mouse on a computer.
import { desktop } from './hands.ts';
import { village } from './village.ts';

village('computer', desktop);
