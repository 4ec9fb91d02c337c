module.exports = { apps: [{ name: 'orders', script: 'orders.mjs', instances: 3, exec_mode: 'cluster' }] };
