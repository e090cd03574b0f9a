mod oracles;
mod rules;
