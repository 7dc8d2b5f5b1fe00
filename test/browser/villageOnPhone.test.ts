// A village's whole work by finger on a phone.
import { phone } from './hands.ts';
import { village } from './village.ts';

village('phone', phone);
