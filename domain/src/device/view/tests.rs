mod detail;
mod fleet;
mod rules;
mod scale;
mod seed;
