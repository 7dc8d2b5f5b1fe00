// Owns telling the compiler that a style sheet is imported for its effect alone.
declare module '*.css';
