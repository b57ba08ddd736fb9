// The citizen's page: submit, follow, add, urge, withdraw and rate, without a login.
import { createApp } from 'vue';
import PublicPage from './PublicPage.vue';
import './public.css';

createApp(PublicPage).mount('#app');
